/** The stage as a file, drawn by what draws it on the screen. */
import { SvgPen } from '../ui/svg-pen';
import type { Inks } from '../ui/theme.svelte';
import { type Picture, drawStage, groundCanvas, isolines } from './draw';
import { groundImage, neutralOfBest } from './ground';
import type { Lab } from './lab.svelte';

/** Pixels of a side of the PNG, and units of the SVG. */
const PNG_SIDE = 1600;
const SVG_SIDE = 800;

/** What stands on the stage; null before there is anything. */
function pictureOf({ scene, viewer }: Lab, inks: Inks): Picture | null {
  const { stage, optimum, best, neutral, sight } = viewer;
  if (!stage || !scene) return null;
  const image = groundImage(sight.ground, { stage, optimum, neutral }, inks);
  const ofBest = optimum && best ? isolines(best, stage.grid, neutralOfBest(stage, optimum)) : [];
  return { stage, scene, ground: image && groundCanvas(image), lines: isolines(stage.logits, stage.grid, neutral), best: ofBest, layers: sight.layers, inks };
}

const ground = ({ stageRgb }: Inks) => `rgb(${stageRgb.join(', ')})`;

export async function stagePng(lab: Lab, inks: Inks): Promise<Uint8Array<ArrayBuffer> | null> {
  const picture = pictureOf(lab, inks);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [PNG_SIDE, PNG_SIDE];
  const context = canvas.getContext('2d');
  if (!picture || !context) return null;
  drawStage(context, PNG_SIDE, picture);
  // The ground below what was drawn, which begins by clearing.
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = ground(inks);
  context.fillRect(0, 0, PNG_SIDE, PNG_SIDE);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  return blob && new Uint8Array(await blob.arrayBuffer());
}

export function stageSvg(lab: Lab, inks: Inks, title: string): Uint8Array<ArrayBuffer> | null {
  const picture = pictureOf(lab, inks);
  if (!picture) return null;
  const pen = new SvgPen();
  drawStage(pen, SVG_SIDE, picture);
  return new TextEncoder().encode(pen.svg(SVG_SIDE, ground(inks), title));
}
