/** A frame of a film: the stage as the screen has it, and in a corner the time in the run. For the worker: there are no elements here. */
import { compose } from '../lab/compose';
import { drawStage } from '../lab/draw';
import type { Look, Style } from './messages';

/** The label's letters and its distance from the edges, as parts of the side. */
const LETTERS = 1 / 36;
const MARGIN = 1 / 60;

/** Draws a frame over the whole of a square canvas; the label comes from the page, which knows its language. */
export function drawFrame(context: OffscreenCanvasRenderingContext2D, look: Look, label: string, style: Style): void {
  const side = context.canvas.width;
  const { inks } = style;
  drawStage(context, side, compose(look, { ...style, ...look.held }, raster));
  const ground = `rgb(${inks.stageRgb.join(', ')})`;
  // The ground below what was drawn, which begins by clearing.
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = ground;
  context.fillRect(0, 0, side, side);
  context.globalCompositeOperation = 'source-over';
  drawLabel(context, side, label, ground, inks.critic);
}

function raster(image: ImageData): OffscreenCanvas {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** Words on a plate of the ground, at the bottom left. */
function drawLabel(context: OffscreenCanvasRenderingContext2D, side: number, words: string, ground: string, ink: string): void {
  const [letters, margin] = [side * LETTERS, side * MARGIN];
  context.font = `${letters}px system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif`;
  context.textBaseline = 'middle';
  const [width, height] = [context.measureText(words).width + letters, 1.6 * letters];
  const top = side - margin - height;
  context.globalAlpha = 0.85;
  context.fillStyle = ground;
  context.fillRect(margin, top, width, height);
  context.globalAlpha = 1;
  context.fillStyle = ink;
  context.fillText(words, margin + letters / 2, top + height / 2);
}
