/** What a run measured of itself over time: losses at each step, quality about once a second, the least loss that D could have. */
import type { PointMetrics, StepReport } from '../generated/types';
import { Series } from './series';

const LOSSES = ['loss_d', 'loss_g', 'r1', 'r2', 'slope', 'd_real', 'd_fake', 'accuracy', 'norm_d', 'norm_g'] as const;

/** What can be followed: the coverage of modes, and every score. */
export const QUALITIES = ['modes', 'hq', 'reverse_kl_modes', 'sliced_w1', 'w1', 'js', 'kl', 'reverse_kl', 'tv', 'mmd2', 'precision', 'recall', 'density', 'coverage'] as const;
export type Quality = (typeof QUALITIES)[number];

export class Curves {
  readonly losses = new Series(LOSSES);
  readonly quality = new Series(QUALITIES);
  readonly best = new Series(['loss_d'] as const);
  /** What two samples of the data score against each other, for each score that was measured. */
  bands: Partial<Record<Quality, [number, number]>> = {};
  /** Grows when any of them does; the arrays themselves are plain. */
  version = $state(0);

  report(history: StepReport[]): void {
    for (const report of history) this.losses.push(report.step, report);
    this.version += 1;
  }

  measure(step: number, { coverage, scores }: PointMetrics): void {
    const measured: Partial<Record<Quality, number>> = Object.fromEntries(scores.map(({ score, value }) => [score, value]));
    if (coverage) Object.assign(measured, { modes: coverage.modes, hq: coverage.hq, reverse_kl_modes: coverage.rkl ?? NaN });
    for (const { score, band } of scores) this.bands[score] = band;
    this.quality.push(step, measured);
    this.version += 1;
  }

  bestLoss(step: number, loss: number | null): void {
    if (loss === null) return;
    this.best.push(step, { loss_d: loss });
    this.version += 1;
  }

  /** Becomes a copy of others. */
  take(other: Curves): void {
    this.losses.take(other.losses);
    this.quality.take(other.quality);
    this.best.take(other.best);
    this.bands = { ...other.bands };
    this.version += 1;
  }

  clear(): void {
    for (const series of [this.losses, this.quality, this.best]) series.clear();
    this.bands = {};
    this.version += 1;
  }

  /** Drops what came after a step. */
  truncate(step: number): void {
    for (const series of [this.losses, this.quality, this.best]) series.truncate(step);
    this.version += 1;
  }
}
