/** The stage's ground: D, the best D there could be, how they differ, or how steep D is, as colours. */
import type { Inks, Rgb } from '../ui/theme.svelte';
import { sameView } from './camera';
import { type Optimum, type StageData, neutralLogit, sigmoid, unitOf } from './stage';

export type Ground = 'critic' | 'optimum' | 'error' | 'slopes';

/** What is looked at. */
export interface Seen {
  stage: StageData;
  optimum: Optimum | null;
  /** The logit that is drawn as neutral. */
  neutral: number;
}

/** How far the ground goes from the paper towards an ink, so that the samples stay legible on it. */
const STRENGTH = 0.5;
/** Close to equilibrium D hardly prefers anything; a power below 1 lets that little be seen. */
const CONTRAST = 0.65;
/** Steps of a colour scale, odd so that one of them is the middle. */
const SHADES = 511;

/** One pixel a cell, top row first; null where what it needs has not been seen. */
export function groundImage(ground: Ground, seen: Seen, inks: Inks): ImageData | null {
  const shares = sharesOf(ground, seen);
  if (!shares) return null;
  const { grid } = seen.stage;
  const colours = new Uint32Array(shades(inks, ground).buffer);
  const image = new ImageData(grid, grid);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      pixels[(grid - 1 - row) * grid + column] = colours[Math.round(shares(row * grid + column) * (SHADES - 1))];
    }
  }
  return image;
}

/** Each cell's place on the scale, 0 to 1. */
function sharesOf(ground: Ground, { stage, optimum, neutral }: Seen): ((cell: number) => number) | null {
  const { logits, slopes } = stage;
  const number = (share: number, otherwise: number) => (Number.isNaN(share) ? otherwise : share);
  if (ground === 'critic') return (cell) => number(sigmoid(logits[cell] - neutral), 0.5);
  if (ground === 'slopes') {
    if (!slopes) return null;
    const unit = unitOf(slopes);
    return (cell) => number(Math.min(slopes[cell] / unit, 1), 0);
  }
  const best = optimum && bestLogits(stage, optimum);
  if (!best) return null;
  const own = neutralOfBest(stage, optimum);
  if (ground === 'optimum') return (cell) => number(sigmoid(best[cell] - own), 0.5);
  return (cell) => number(sigmoid(logits[cell] - neutral - (best[cell] - own)), 0.5);
}

/** D* on the cells of a stage; null where it was found on others, or there is none. */
export function bestLogits(stage: StageData, optimum: Optimum): Float32Array | null {
  return optimum.critic && optimum.critic.length === stage.logits.length && sameView(optimum.view, stage.view) ? optimum.critic : null;
}

/** The output of D* that is drawn as neutral, as D's is. */
export function neutralOfBest(stage: StageData, optimum: Optimum): number {
  return optimum.critic ? neutralLogit({ ...stage, logits: optimum.critic }, optimum.neutral) : 0;
}

/** The colours of 0 to 1, opaque, one after another: from the paper to D's ink, or from that of fakes over the paper to that of reals. */
export function shades({ stageRgb, realRgb, fakeRgb, criticRgb }: Inks, ground: Ground): Uint8ClampedArray {
  const [high, low]: Rgb[] = ground === 'slopes' ? [criticRgb] : [realRgb, fakeRgb];
  const colours = new Uint8ClampedArray(4 * SHADES);
  for (let shade = 0; shade < SHADES; shade++) {
    const share = shade / (SHADES - 1);
    const place = low ? 2 * share - 1 : share;
    const ink = place < 0 ? low : high;
    const part = (i: number) => stageRgb[i] + (ink[i] - stageRgb[i]) * STRENGTH * Math.abs(place) ** CONTRAST;
    colours.set([part(0), part(1), part(2), 255], 4 * shade);
  }
  return colours;
}
