/** The time machine's memory: checkpoints spread evenly over a run of any length, in bounded room. */

/** A moment that can be looked at again and continued from. */
export interface Moment {
  step: number;
  images: number;
  /** The checkpoint. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes that may be kept, and moments whatever they weigh. */
const MOST_BYTES = 48 * 2 ** 20;
const MOST_MOMENTS = 240;
const FEWEST_MOMENTS = 24;

export class Moments {
  all: Moment[] = [];
  /** Steps between two of them; grows as the run does. */
  #spacing = 1;

  /** Whether a moment at this step would be kept. */
  wants(step: number): boolean {
    const last = this.all[this.all.length - 1];
    return !last || step >= last.step + this.#spacing;
  }

  push(moment: Moment): void {
    if (!this.wants(moment.step)) return;
    this.all = [...this.all, moment];
    const most = Math.min(Math.max(Math.floor(MOST_BYTES / moment.bytes.length), FEWEST_MOMENTS), MOST_MOMENTS);
    if (this.all.length > most) this.#thin();
  }

  clear(): void {
    this.all = [];
    this.#spacing = 1;
  }

  /** Drops what came after a step. */
  truncate(step: number): void {
    this.all = this.all.filter((moment) => moment.step <= step);
  }

  /** The moment nearest to a step. */
  nearest(step: number): Moment | null {
    const nearer = (best: Moment | null, moment: Moment) => (!best || Math.abs(moment.step - step) < Math.abs(best.step - step) ? moment : best);
    return this.all.reduce(nearer, null);
  }

  /** The first and every one that is far enough from the one kept before it. */
  #thin(): void {
    const [first, last] = [this.all[0].step, this.all[this.all.length - 1].step];
    this.#spacing = Math.max(this.#spacing + 1, Math.ceil((2 * (last - first)) / this.all.length));
    const kept: Moment[] = [];
    for (const moment of this.all) {
      const before = kept[kept.length - 1];
      if (!before || moment.step >= before.step + this.#spacing) kept.push(moment);
    }
    this.all = kept;
  }
}
