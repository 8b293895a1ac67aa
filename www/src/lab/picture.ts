/** The stage as a file, drawn by what draws it on the screen. */
import { SvgPen } from '../ui/svg-pen';
import type { Inks } from '../ui/theme.svelte';
import { compose } from './compose';
import { type Picture, drawStage, groundCanvas } from './draw';
import type { Lab } from './lab.svelte';

/** Pixels of a side of the PNG, and units of the SVG. */
const PNG_SIDE = 1600;
const SVG_SIDE = 800;

/** What stands on the stage; null before there is anything. */
function pictureOf({ scene, viewer: { stage, optimum, neutral, layers, ground } }: Lab, inks: Inks): Picture | null {
  return stage && scene && compose({ stage, optimum, neutral }, { scene, inks, layers, ground }, groundCanvas);
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
