/** What was last seen of a run on points, and what can be read off it. Plain numbers: no canvas here. */
import type { Scene, View } from '../generated/types';
import type { Reply } from '../engine/messages';
import { stackStep, stacked } from './scene';

export interface StageData {
  view: View;
  step: number;
  samples: number;
  grid: number;
  /** `[samples, 2]`. */
  reals: Float32Array;
  /** `[samples, 2]`. */
  fakes: Float32Array;
  /** D's logits, `[grid, grid]`, row 0 at `y_min`. */
  logits: Float32Array;
  /** −∇ₓL_G at each fake, `[samples, 2]` in data units; null where it was not asked for. */
  forces: Float32Array | null;
}

/** The data of an answer to `look`; null if the answer is another. Samples of the line are stacked, reals upwards and fakes downwards. */
export function stageOf({ event, buffers }: Reply, scene: Scene): StageData | null {
  const [reals, fakes, logits, forces = null] = buffers;
  if (event.type !== 'stage' || !(reals instanceof Float32Array) || !(fakes instanceof Float32Array) || !(logits instanceof Float32Array)) return null;
  const numbers = scene.dim * event.samples;
  if (reals.length !== numbers || fakes.length !== numbers || logits.length !== event.grid ** 2) return null;
  if (forces && !(forces instanceof Float32Array && forces.length === numbers)) return null;
  const seen = { view: event.view, step: event.step, samples: event.samples, grid: event.grid, logits };
  if (scene.dim === 2) return { ...seen, reals, fakes, forces };
  const step = stackStep(reals, scene);
  return { ...seen, reals: stacked(reals, scene, step), fakes: stacked(fakes, scene, -step), forces: forces && Float32Array.from({ length: 2 * numbers }, (_, i) => (i % 2 ? 0 : forces[i / 2])) };
}

/** A round length (1, 2 or 5 times a power of ten) that nine of ten forces do not exceed; 0 where there is no force. */
export function forceUnit(forces: Float32Array): number {
  const lengths = Float32Array.from({ length: forces.length / 2 }, (_, i) => Math.hypot(forces[2 * i], forces[2 * i + 1])).filter(Number.isFinite).sort();
  const most = lengths[Math.floor(0.9 * (lengths.length - 1))] ?? 0;
  if (!(most > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([1, 2, 5].find((digit) => digit * power >= most) ?? 10);
}

/** D's logit at a point, between the cells' centres linearly; null outside the view. */
export function logitAt(stage: StageData, x: number, y: number): number | null {
  const { view, grid, logits } = stage;
  const across = ((x - view.x_min) / (view.x_max - view.x_min)) * grid - 0.5;
  const up = ((y - view.y_min) / (view.y_max - view.y_min)) * grid - 0.5;
  if (!(across >= -0.5 && across <= grid - 0.5 && up >= -0.5 && up <= grid - 0.5)) return null;
  const low = (t: number) => Math.min(Math.max(Math.floor(t), 0), Math.max(grid - 2, 0));
  const [i, j] = [low(across), low(up)];
  const [s, t] = [clamp(across - i), clamp(up - j)];
  const at = (column: number, row: number) => logits[Math.min(row, grid - 1) * grid + Math.min(column, grid - 1)];
  return (1 - t) * ((1 - s) * at(i, j) + s * at(i + 1, j)) + t * ((1 - s) * at(i, j + 1) + s * at(i + 1, j + 1));
}

/**
 * The logit that is drawn as neutral: the objective's own, at which D is undecided, or where there is none (a critic known only up to a constant) the mean of
 * D over the samples shown.
 */
export function neutralLogit(stage: StageData, own: number | null): number {
  if (own !== null) return own;
  let [sum, count] = [0, 0];
  for (const points of [stage.reals, stage.fakes]) {
    for (let i = 0; i < points.length; i += 2) {
      const logit = logitAt(stage, points[i], points[i + 1]);
      if (logit === null || !Number.isFinite(logit)) continue;
      sum += logit;
      count += 1;
    }
  }
  return count > 0 ? sum / count : 0;
}

/** How many of the points lie outside the view. */
export function outside(points: Float32Array, view: View): number {
  let count = 0;
  for (let i = 0; i < points.length; i += 2) {
    const inside = points[i] >= view.x_min && points[i] <= view.x_max && points[i + 1] >= view.y_min && points[i + 1] <= view.y_max;
    if (!inside) count += 1;
  }
  return count;
}

export function sigmoid(t: number): number {
  return 1 / (1 + Math.exp(-t));
}

function clamp(t: number): number {
  return Math.min(Math.max(t, 0), 1);
}
