/** The stage in one sentence, for the eye and for a screen reader. */
import type { PointMetrics } from '../generated/types';

/** A moment of a run, as far as it was measured. */
export interface Shown {
  step: number;
  images: number;
  metrics: PointMetrics | null;
  lossD: number | null;
  lossG: number | null;
  /** Whether it is over. */
  past: boolean;
}

export function summary({ step, images, metrics, lossD, lossG, past }: Shown, outside: number): string {
  const away = outside > 0 ? `${whole(outside)} ${outside === 1 ? 'fake' : 'fakes'} outside the picture` : '';
  if (step === 0 && !past) return `Untrained: fakes (triangles) lie where the first random weights put them${away && `, ${away}`}. Press ▶.`;
  const parts = [`${past ? 'The past: step' : 'Step'} ${whole(step)}, ${whole(images)} images`];
  const coverage = metrics?.coverage;
  if (coverage) parts.push(`${coverage.modes} of ${coverage.modes_total} modes, ${percent(coverage.hq)} of the fakes on one`);
  else if (metrics?.scores[0]) parts.push(`sliced W1 ${metrics.scores[0].value.toPrecision(3)}`);
  if (lossD !== null && lossG !== null) parts.push(`loss of D ${loss(lossD)}, of G ${loss(lossG)}`);
  if (away) parts.push(away);
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
