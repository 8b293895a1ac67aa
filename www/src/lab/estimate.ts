/**
 * What a Wasserstein D thinks W1 is: E D(x) − E D(g), by duality K · W1(data, fakes) for the best D of Lipschitz constant K (Arjovsky 2017). D sees data at unit spread,
 * so the estimate is in data units once it is multiplied by that spread.
 */
import type { TrainConfig } from '../generated/types';
import type { Curves } from './curves.svelte';
import { sceneOf } from './scene';
import { smooth } from './series';

/** How wide each of a person's own points is, as a share of their spread (`src/data/toy.rs`). */
const POINT_WIDTH = 0.03;

/** A mean and the mean square of a coordinate around it make a spread: their root over `dim` coordinates. */
function spreadOf(points: readonly (readonly [number, number])[], weights: readonly number[], within: readonly number[], dim: number): number {
  const mean = [0, 1].map((i) => points.reduce((sum, point, k) => sum + weights[k] * point[i], 0));
  const square = points.reduce((sum, [x, y], k) => sum + weights[k] * ((x - mean[0]) ** 2 + (y - mean[1]) ** 2 + within[k]), 0);
  return Math.sqrt(square / dim);
}

function pairs(numbers: Float32Array): [number, number][] {
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
}

/**
 * Data units per unit that the networks see: the root mean square deviation of a coordinate. Exact for modes, wherever they were moved since, and for a person's points; of
 * other data it is that of the samples shown, to a hundredth or two.
 */
export function unitOf({ data, points }: Pick<TrainConfig, 'data' | 'points'>, reals: Float32Array | null): number | null {
  const even = (count: number, value: number) => new Array<number>(count).fill(value);
  if (data === 'points') {
    const spread = spreadOf(points, even(points.length, 1 / points.length), even(points.length, 0), 2);
    return spread > 0 ? spread * Math.hypot(1, POINT_WIDTH) : POINT_WIDTH;
  }
  const scene = sceneOf(data);
  if (scene?.modes) {
    const { modes, dim } = scene;
    const within = modes.map(({ sigma: [a, b] }) => a * a + b * b);
    return spreadOf(modes.map(({ centre }) => centre), modes.map(({ weight }) => weight), within, dim);
  }
  if (!reals) return null;
  const shown = pairs(reals);
  return spreadOf(shown, even(shown.length, 1 / shown.length), even(shown.length, 0), 2);
}

/** The estimate at steps, smoothed like the losses; null before the first. */
export function estimates({ losses }: Curves, steps: readonly number[], smoothing: number, unit: number): (number | null)[] {
  const { d_real, d_fake } = losses.columns;
  const gaps = smooth(d_real.map((real, i) => unit * (real - d_fake[i])), smoothing);
  return steps.map((step) => gaps[losses.at(step)] ?? null);
}
