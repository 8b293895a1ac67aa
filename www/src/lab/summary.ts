/** The stage in one sentence, for the eye and for a screen reader. */
import type { PointMetrics, StepReport } from '../generated/types';

export function summary(step: number, images: number, metrics: PointMetrics | null, report: StepReport | null, outside: number): string {
  if (step === 0) return 'Untrained: fakes (triangles) lie where the first random weights put them. Press ▶.';
  const parts = [`Step ${whole(step)}, ${whole(images)} images`];
  const coverage = metrics?.coverage;
  if (coverage) parts.push(`${coverage.modes} of ${coverage.modes_total} modes, ${percent(coverage.hq)} of the fakes on one`);
  else if (metrics?.scores[0]) parts.push(`sliced W1 ${metrics.scores[0].value.toPrecision(3)}`);
  if (report) parts.push(`loss of D ${loss(report.loss_d)}, of G ${loss(report.loss_g)}`);
  if (outside > 0) parts.push(`${whole(outside)} ${outside === 1 ? 'fake' : 'fakes'} outside the picture`);
  return `${parts.join('; ')}.`;
}

export function whole(n: number): string {
  return Math.round(n).toLocaleString('en');
}

/** A loss: three decimals, or its power of ten once it has run away. */
export function loss(value: number): string {
  return Math.abs(value) < 1000 ? value.toFixed(3) : value.toExponential(1);
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}
