/** A picture of the stage, put together from what was seen: for files and films, which are drawn once. The screen keeps its parts from one look to the next. */
import type { Scene } from '../generated/types';
import type { Inks } from '../ui/theme.svelte';
import { type Layers, type Picture, isolines } from './draw';
import { type Ground, type Seen, bestLogits, groundImage, neutralOfBest } from './ground';

/** How it is drawn. */
export interface Style {
  scene: Scene;
  layers: Layers;
  ground: Ground;
  inks: Inks;
}

/** `raster` makes what the canvas at hand can paint. */
export function compose<Image>(seen: Seen, { scene, layers, ground, inks }: Style, raster: (image: ImageData) => Image): Picture<Image> {
  const { stage, optimum, neutral } = seen;
  const image = groundImage(ground, seen, inks);
  const logits = optimum && bestLogits(stage, optimum);
  const best = logits ? isolines(logits, stage.grid, neutralOfBest(stage, optimum)) : [];
  return { stage, scene, ground: image && raster(image), lines: isolines(stage.logits, stage.grid, neutral), best, layers, inks };
}
