/** The curves of a run: every step's report, thinned evenly when there are too many to draw. */
import type { StepReport } from '../generated/types';

/** Points above which every second one is dropped. */
export const MOST_POINTS = 16_384;

export class Series {
  step: number[] = [];
  lossD: number[] = [];
  lossG: number[] = [];
  #stride = 1;

  clear(): void {
    this.step = [];
    this.lossD = [];
    this.lossG = [];
    this.#stride = 1;
  }

  /** Drops what came after a step. */
  truncate(step: number): void {
    const past = this.step.findIndex((other) => other > step);
    if (past < 0) return;
    for (const values of [this.step, this.lossD, this.lossG]) values.length = past;
  }

  push(history: StepReport[]): void {
    for (const report of history) {
      if (report.step % this.#stride !== 0) continue;
      this.step.push(report.step);
      this.lossD.push(report.loss_d);
      this.lossG.push(report.loss_g);
    }
    while (this.step.length > MOST_POINTS) this.#thin();
  }

  /** As a file for other programs. */
  csv(): string {
    const rows = this.step.map((step, i) => `${step},${this.lossD[i]},${this.lossG[i]}`);
    return ['step,loss_d,loss_g', ...rows, ''].join('\n');
  }

  #thin(): void {
    this.#stride *= 2;
    const keep = this.step.map((step) => step % this.#stride === 0);
    const kept = (values: number[]) => values.filter((_, i) => keep[i]);
    [this.step, this.lossD, this.lossG] = [kept(this.step), kept(this.lossD), kept(this.lossG)];
  }
}

/** Exponential moving average, corrected for its start (as Adam's moments are): the first value is the first point itself. */
export function smooth(values: readonly number[], weight: number): number[] {
  let mean = 0;
  let mass = 0;
  return values.map((value) => {
    mean = weight * mean + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return mean / mass;
  });
}
