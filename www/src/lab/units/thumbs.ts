/** Draws the hidden units of a network: each a small picture of its activation, in D's ink. */
import { UNIT_CELLS } from '../../generated/types';
import type { Inks, Rgb } from '../../ui/theme.svelte';
import { contour } from '../contours';
import type { Layer, Unit } from '../model';
import { type Place, type Strips, WORDS, cornerOf, topOf } from './strips';

/** A power below 1 lets weak answers be seen beside the strongest of the layer. */
const CONTRAST = 0.6;
/** How far a negative answer goes towards the ink: it is paler than a positive one of the same size, and outlined where there is room. */
const PALE = 0.45;

/** A layer's units as pictures in a grid, one pixel a cell, top row first. */
export function sheetOf({ units, scale }: Layer, columns: number, inks: Inks): HTMLCanvasElement {
  const sheet = document.createElement('canvas');
  const rows = units[0].answers.length / UNIT_CELLS;
  [sheet.width, sheet.height] = [columns * UNIT_CELLS, Math.ceil(units.length / columns) * rows];
  const image = new ImageData(sheet.width, sheet.height);
  units.forEach(({ answers }, i) => {
    const [left, top] = [(i % columns) * UNIT_CELLS, Math.floor(i / columns) * rows];
    answers.forEach((answer, cell) => {
      const [x, y] = [left + (cell % UNIT_CELLS), top + rows - 1 - Math.floor(cell / UNIT_CELLS)];
      image.data.set([...shadeOf(answer / scale, inks), 255], 4 * (y * sheet.width + x));
    });
  });
  sheet.getContext('2d')?.putImageData(image, 0, 0);
  return sheet;
}

/** The colour of an answer as a share of the layer's scale: the paper for 0, and for what is no number. */
export function shadeOf(share: number, { stageRgb, criticRgb }: Inks): Rgb {
  const size = Math.abs(share) ** CONTRAST * (share < 0 ? PALE : 1);
  const part = (i: number) => stageRgb[i] + (criticRgb[i] - stageRgb[i]) * (size > 0 ? Math.min(size, 1) : 0);
  return [part(0), part(1), part(2)];
}

export interface Drawn {
  layers: Layer[];
  sheets: HTMLCanvasElement[];
  /** What stands above each layer. */
  captions: string[];
  strips: Strips;
  inks: Inks;
  /** The unit that is looked at closely. */
  chosen: Place | null;
}

export function drawUnits(context: CanvasRenderingContext2D, width: number, { layers, sheets, captions, strips, inks, chosen }: Drawn): void {
  context.clearRect(0, 0, width, strips.height);
  context.font = '12px system-ui, sans-serif';
  context.textBaseline = 'middle';
  layers.forEach((layer, number) => {
    context.fillStyle = inks.quiet;
    context.fillText(captions[number], 0, topOf(strips, number) + WORDS / 2, width);
    layer.units.forEach((unit, i) => drawUnit(context, sheets[number], unit, { layer: number, unit: i }, strips, inks));
  });
  if (chosen) outline(context, strips, chosen, inks.critic);
}

function drawUnit(context: CanvasRenderingContext2D, sheet: HTMLCanvasElement, { answers, life }: Unit, place: Place, strips: Strips, inks: Inks): void {
  const { side, columns } = strips;
  const [x, y] = cornerOf(strips, place);
  const rows = answers.length / UNIT_CELLS;
  context.drawImage(sheet, (place.unit % columns) * UNIT_CELLS, Math.floor(place.unit / columns) * rows, UNIT_CELLS, rows, x, y, side, side);
  context.lineWidth = 1;
  context.strokeStyle = inks.line;
  context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
  if (life !== 'live') cross(context, x, y, side, inks.critic);
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, side: number, ink: string): void {
  const [near, far] = [side * 0.28, side * 0.72];
  context.strokeStyle = ink;
  context.lineWidth = Math.max(1.25, side / 16);
  context.beginPath();
  context.moveTo(x + near, y + near);
  context.lineTo(x + far, y + far);
  context.moveTo(x + far, y + near);
  context.lineTo(x + near, y + far);
  context.stroke();
}

function outline(context: CanvasRenderingContext2D, strips: Strips, place: Place, ink: string): void {
  const [x, y] = cornerOf(strips, place);
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.strokeRect(x, y, strips.side, strips.side);
}

/** One unit, large, with the line along which it answers 0. */
export function drawClose(context: CanvasRenderingContext2D, side: number, { layers, inks }: Drawn, place: Place): void {
  const { units, scale } = layers[place.layer];
  const unit = units[place.unit];
  const { answers, life } = unit;
  context.clearRect(0, 0, side, side);
  context.drawImage(sheetOf({ units: [unit], scale }, 1, inks), 0, 0, side, side);
  if (life !== 'live') cross(context, 0, 0, side, inks.critic);
  if (answers.length !== UNIT_CELLS ** 2) return;
  const cell = side / UNIT_CELLS;
  const lines = contour(answers, UNIT_CELLS, 0);
  context.strokeStyle = inks.critic;
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  context.beginPath();
  for (let i = 0; i < lines.length; i += 4) {
    context.moveTo(lines[i] * cell, side - lines[i + 1] * cell);
    context.lineTo(lines[i + 2] * cell, side - lines[i + 3] * cell);
  }
  context.stroke();
  context.setLineDash([]);
}
