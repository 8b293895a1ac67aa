/** What was last seen of a run on points, and what can be read off it. Plain numbers: no canvas here. */
import type { Event, Extra, Scene, View } from '../generated/types';
import type { Bulk, Reply } from '../engine/messages';
import type { Moment } from './moments';
import { stackStep, stacked } from './scene';
import type { Emphasis } from './slow/emphasis';

export interface StageData {
  view: View;
  step: number;
  /** Real images seen by then. */
  images: number;
  samples: number;
  grid: number;
  /** `[samples, 2]`. */
  reals: Float32Array;
  /** `[samples, 2]`. */
  fakes: Float32Array;
  /** D's logits, `[grid, grid]`, row 0 at `y_min`. */
  logits: Float32Array;
  /** −∇ₓL_G at each fake, `[samples, 2]` in data units; null where it was not asked for, as the next two. */
  forces: Float32Array | null;
  /** ‖∇ₓD‖, `[grid, grid]`. */
  slopes: Float32Array | null;
  /** Where G takes a mesh of equally likely latents. */
  mesh: Mesh | null;
  /** What a telling draws attention to. */
  emphasis?: Emphasis;
}

/** `[rows, columns, 2]`; one row where there is one latent. */
export interface Mesh {
  columns: number;
  points: Float32Array;
}

/** The best critic against the fakes of a moment. */
export interface Optimum {
  view: View;
  step: number;
  /** σ of the smoothing of p and q. */
  smoothing: number;
  /** The least that D's loss can be; null where there is no D*. */
  loss: number | null;
  /** Densities, `[grid, grid]`. */
  p: Float32Array;
  q: Float32Array;
  /** D*, NaN where neither has mass; null where the objective has none. */
  critic: Float32Array | null;
  /** The output at which it is undecided; null where it is known up to a constant. */
  neutral: number | null;
}

/** The data of an answer to `look`; null if the answer is another. Samples of the line are stacked, reals upwards and fakes downwards. */
export function stageOf({ event, buffers }: Reply, scene: Scene): StageData | null {
  const [reals, fakes, logits, ...more] = buffers;
  if (event.type !== 'stage' || !isNumbers(reals) || !isNumbers(fakes) || !isNumbers(logits)) return null;
  const numbers = scene.dim * event.samples;
  if (reals.length !== numbers || fakes.length !== numbers || logits.length !== event.grid ** 2) return null;
  const extra = (name: Extra) => more[placeOf(event, name)];
  const [forces, slopes, mesh] = [extra('forces'), extra('slopes'), extra('mesh')].map((buffer) => (isNumbers(buffer) ? buffer : null));
  if (forces && forces.length !== numbers) return null;
  const seen = { view: event.view, step: event.step, images: event.images, samples: event.samples, grid: event.grid, logits, slopes };
  if (scene.dim === 2) return { ...seen, reals, fakes, forces, mesh: mesh && { columns: event.mesh, points: mesh } };
  const step = stackStep(reals, scene);
  return { ...seen, reals: stacked(reals, scene, step), fakes: stacked(fakes, scene, -step), forces: forces && Float32Array.from({ length: 2 * numbers }, (_, i) => (i % 2 ? 0 : forces[i / 2])), mesh: null };
}

/** The best critic in an answer to `look`; null if it has none. `neutral` is the logit at which the objective's D is undecided. */
export function optimumOf({ event, buffers }: Reply, neutral: number | null): Optimum | null {
  if (event.type !== 'stage' || !event.optimum) return null;
  const [p, q, critic] = buffers.slice(3 + placeOf(event, 'optimum'));
  if (!isNumbers(p) || !isNumbers(q) || !isNumbers(critic)) return null;
  return { view: event.view, step: event.step, ...event.optimum, p, q, critic: critic.length > 0 ? critic : null, neutral };
}

/** The checkpoint in an answer to `look`. */
export function momentOf({ event, buffers }: Reply): Moment | null {
  const bytes = event.type === 'stage' && event.extras.includes('checkpoint') ? buffers[buffers.length - 1] : null;
  return event.type === 'stage' && bytes instanceof Uint8Array ? { step: event.step, images: event.images, bytes } : null;
}

/** What the hidden units of G and D answer, in an answer to `look`; null if it does not say. */
export function unitsOf({ event, buffers }: Reply): { step: number; view: View; generator: Float32Array; critic: Float32Array } | null {
  if (event.type !== 'stage') return null;
  const [generator, critic] = buffers.slice(3 + placeOf(event, 'units'));
  return isNumbers(generator) && isNumbers(critic) ? { step: event.step, view: event.view, generator, critic } : null;
}

/** Which of the buffers after D's is the first of an extra. */
function placeOf({ extras, optimum }: Extract<Event, { type: 'stage' }>, extra: Extra): number {
  const sizes: Partial<Record<Extra, number>> = { optimum: optimum ? 3 : 0, units: 2 };
  const place = extras.indexOf(extra);
  return place < 0 ? Infinity : extras.slice(0, place).reduce((sum, each) => sum + (sizes[each] ?? 1), 0);
}

function isNumbers(buffer: Bulk | undefined): buffer is Float32Array<ArrayBuffer> {
  return buffer instanceof Float32Array;
}

/** A round length (1, 2 or 5 times a power of ten) that nine of ten forces do not exceed; 0 where there is no force. */
export function forceUnit(forces: Float32Array): number {
  return unitOf(Float32Array.from({ length: forces.length / 2 }, (_, i) => Math.hypot(forces[2 * i], forces[2 * i + 1])));
}

/** A round number that nine of ten of these do not exceed; 0 where all are 0. */
export function unitOf(numbers: Float32Array): number {
  const sorted = numbers.filter(Number.isFinite).sort();
  const most = sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0;
  if (!(most > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([1, 2, 5].find((digit) => digit * power >= most) ?? 10);
}

/** D's logit at a point; null outside the view. */
export function logitAt({ view, grid, logits }: StageData, x: number, y: number): number | null {
  return numberAt(logits, grid, view, x, y);
}

/** A number of a grid at a point, between the cells' centres linearly; null outside the view. */
export function numberAt(numbers: Float32Array, grid: number, view: View, x: number, y: number): number | null {
  const across = ((x - view.x_min) / (view.x_max - view.x_min)) * grid - 0.5;
  const up = ((y - view.y_min) / (view.y_max - view.y_min)) * grid - 0.5;
  if (!(across >= -0.5 && across <= grid - 0.5 && up >= -0.5 && up <= grid - 0.5)) return null;
  const low = (t: number) => Math.min(Math.max(Math.floor(t), 0), Math.max(grid - 2, 0));
  const [i, j] = [low(across), low(up)];
  const [s, t] = [clamp(across - i), clamp(up - j)];
  // What has no weight has no say, also where it is no number.
  const part = (weight: number, column: number, row: number) => (weight > 0 ? weight * numbers[Math.min(row, grid - 1) * grid + Math.min(column, grid - 1)] : 0);
  return part((1 - t) * (1 - s), i, j) + part((1 - t) * s, i + 1, j) + part(t * (1 - s), i, j + 1) + part(t * s, i + 1, j + 1);
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
