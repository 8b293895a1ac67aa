/** Curves over the steps of a run, thinned evenly when there are too many points to draw. */

/** Points above which every second one is dropped. */
export const MOST_POINTS = 8_192;

export class Series<K extends string> {
  step: number[] = [];
  /** A number for each step; NaN where it was not measured. */
  columns: Record<K, number[]>;
  #spacing = 1;

  constructor(readonly keys: readonly K[]) {
    this.columns = this.#map(() => []);
  }

  clear(): void {
    this.step = [];
    this.columns = this.#map(() => []);
    this.#spacing = 1;
  }

  /** Becomes a copy of another. */
  take(other: Series<K>): void {
    this.step = [...other.step];
    this.columns = this.#map((key) => [...other.columns[key]]);
    this.#spacing = other.#spacing;
  }

  /** Drops what came after a step. */
  truncate(step: number): void {
    const past = this.step.findIndex((other) => other > step);
    if (past < 0) return;
    this.step.length = past;
    for (const key of this.keys) this.columns[key].length = past;
  }

  push(step: number, numbers: Partial<Record<K, number>>): void {
    const last = this.step[this.step.length - 1];
    if (step === last) return this.#complete(numbers);
    if (last !== undefined && step < last + this.#spacing) return;
    this.step.push(step);
    for (const key of this.keys) this.columns[key].push(numbers[key] ?? NaN);
    if (this.step.length > MOST_POINTS) this.#thin();
  }

  /** What else was measured at the last step. */
  #complete(numbers: Partial<Record<K, number>>): void {
    for (const key of this.keys) this.columns[key][this.step.length - 1] = numbers[key] ?? this.columns[key][this.step.length - 1];
  }

  /** Where the last point stands that is not later than a step; -1 if all are. */
  at(step: number): number {
    let [low, high] = [0, this.step.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.step[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** As a file for other programs; empty where nothing was measured. */
  csv(): string {
    const rows = this.step.map((step, i) => [step, ...this.keys.map((key) => (Number.isNaN(this.columns[key][i]) ? '' : this.columns[key][i]))].join());
    return [['step', ...this.keys].join(), ...rows, ''].join('\n');
  }

  #thin(): void {
    this.#spacing *= 2;
    const kept = (values: number[]) => values.filter((_, i) => i % 2 === 0);
    this.step = kept(this.step);
    this.columns = this.#map((key) => kept(this.columns[key]));
  }

  #map(column: (key: K) => number[]): Record<K, number[]> {
    return Object.fromEntries(this.keys.map((key) => [key, column(key)])) as Record<K, number[]>;
  }
}

/** Exponential moving average, corrected for its start (as Adam's moments are): the first value is the first point itself. Gaps stay gaps. */
export function smooth(values: readonly number[], weight: number): number[] {
  let mean = 0;
  let mass = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    mean = weight * mean + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return mean / mass;
  });
}
