/** A curve over the steps. */
export interface Line {
  /** Which it is; nobody sees it. */
  label: string;
  /** What it is called in the table behind the chart; without a title it is not in it. */
  title?: string;
  ink: string;
  values: (number | null)[];
  /** Behind the others, thin. */
  pale?: boolean;
  dash?: number[];
  /** Joined over steps at which it was not measured. */
  sparse?: boolean;
}

/** Rows of the table behind a chart. */
const ROWS = 12;

/** Places spread evenly over so many, the first and the last among them. */
export function spread(count: number, rows = ROWS): number[] {
  if (count <= rows) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: rows }, (_, i) => Math.round((i * (count - 1)) / (rows - 1)));
}

const isNumber = (value: number | null | undefined): value is number => value !== null && value !== undefined && !Number.isNaN(value);

/** The value of a line as it is drawn: one that is joined over gaps has values in them, too. */
export function drawnAt({ values, sparse }: Line, steps: readonly number[], at: number): number | null {
  const own = values[at];
  if (isNumber(own)) return own;
  if (!sparse) return null;
  let [before, after] = [at, at];
  while (before >= 0 && !isNumber(values[before])) before -= 1;
  while (after < values.length && !isNumber(values[after])) after += 1;
  const [low, high] = [values[before], values[after]];
  if (!isNumber(low) || !isNumber(high)) return null;
  return low + ((high - low) * (steps[at] - steps[before])) / (steps[after] - steps[before]);
}
