/**
 * The 1-3-10 ladder: …, 0.001, 0.003, 0.01, …, on which rates and weights are tried, because what matters in them is a factor and not a sum.
 *
 * What stands on it is read off the schema: a number that may lie in any decade. One whose default is a little below 1 (β₂) is a memory, and its distance from 1 goes by factors.
 */

export interface Ladder {
  /** Where its rungs grow dense. */
  from: 0 | 1;
  /** The lowest rung, as a distance from there; closer there is only 0 itself. */
  least: number;
}

/** What the schema says of a number. */
export interface Range {
  whole: boolean;
  min: number | null;
  max: number | null;
}

/** The largest number over the smallest, from which on a range is one of decades. */
const WIDE = 1000;
/** Decades between the default and the lowest rung. */
const BELOW = 3;
/** The lowest rung where the default is 0, and of what is counted from 1. */
const LEAST = { ofZero: 1e-4, belowOne: 1e-5 };

/** The ladder of a number with this default; null where it has none. */
export function ladderOf({ whole, min, max }: Range, fallback: number): Ladder | null {
  if (whole || min === null || min < 0 || (min > 0 && (max ?? Infinity) / min < WIDE)) return null;
  if (fallback >= 0.5 && fallback < 1) return { from: 1, least: LEAST.belowOne };
  return { from: 0, least: fallback > 0 ? Number(`1e${decade(fallback) - BELOW}`) : LEAST.ofZero };
}

/** The next rung up or down, within the range. */
export function stepped(value: number, up: boolean, { from, least }: Ladder, { min, max }: Range): number {
  if (from === 1) return value >= 1 ? (up ? value : tidy(1 - least)) : tidy(1 - Math.min(1, Math.max(least, rung(1 - value, !up))));
  const next = value < least ? (up ? least : 0) : rung(value, up);
  return Math.min(max ?? Infinity, Math.max(min ?? 0, next < least * 0.999 ? 0 : next));
}

/** The nearest of 1 and 3 in any decade that is above or below. */
function rung(value: number, up: boolean): number {
  const around = [-1, 0, 1].flatMap((by) => [1, 3].map((digit) => Number(`${digit}e${decade(value) + by}`)));
  // What lies on a rung up to rounding lies on it.
  return (up ? around.find((each) => each > value * (1 + 1e-9)) : around.findLast((each) => each < value * (1 - 1e-9))) ?? value;
}

function decade(value: number): number {
  return Math.floor(Math.log10(value) + 1e-9);
}

/** Without the last digits of a difference. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
