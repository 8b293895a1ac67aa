/** The stage in one sentence, for the eye and for a screen reader. */
import type { PointMetrics } from '../generated/types';
import { language } from '../words/language.svelte';

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
  const t = language.words.stage.summary;
  const away = outside > 0 ? t.outside(outside) : '';
  if (step === 0 && !past) return t.untrained(away);
  const parts = [past ? t.past(step, images) : t.now(step, images)];
  const coverage = metrics?.coverage;
  if (coverage) parts.push(t.modes(coverage.modes, coverage.modes_total, coverage.hq));
  else if (metrics?.scores[0]) parts.push(t.sliced(metrics.scores[0].value.toPrecision(3)));
  if (lossD !== null && lossG !== null) parts.push(t.losses(lossD, lossG));
  if (away) parts.push(away);
  return t.sentence(parts);
}

// Numbers as the page's language writes them.

export const whole = (n: number): string => language.words.numbers.whole(n);

/** A loss: three decimals, or its power of ten once it has run away. */
export const loss = (value: number): string => language.words.numbers.loss(value);

export const percent = (share: number): string => language.words.numbers.percent(share);
