/**
 * What a Wasserstein D thinks W1 is: E D(x) − E D(g), by duality K · W1(data, fakes) for the best D of Lipschitz constant K (Arjovsky 2017). D sees data at unit spread,
 * so the estimate is in data units once it is multiplied by that spread (`unit` of the scene).
 */
import type { Curves } from './curves.svelte';
import { smooth } from './series';

/** The estimate at steps, smoothed like the losses; null before the first. */
export function estimates({ losses }: Curves, steps: readonly number[], smoothing: number, unit: number): (number | null)[] {
  const { d_real, d_fake } = losses.columns;
  const gaps = smooth(d_real.map((real, i) => unit * (real - d_fake[i])), smoothing);
  return steps.map((step) => gaps[losses.at(step)] ?? null);
}
