/** Draws the board: the points in the ink of reals, the axes, and the ring of the tool where it would touch. */
import { drawCircles, place } from '../draw';
import type { Inks } from '../../ui/theme.svelte';
import { type Point, sideOf } from './plane';
import type { Look } from './drawing';

export interface Cursor {
  at: Point;
  /** As a share of the board's side. */
  size: number;
}

export function drawBoard(context: CanvasRenderingContext2D, side: number, { view, points }: Look, cursor: Cursor | null, inks: Inks): void {
  context.clearRect(0, 0, side, side);
  const origin = place(side, view, 0, 0);
  // On whole pixels, so that the lines are sharp.
  const [x, y] = origin.map((edge) => Math.round(edge) + 0.5);
  stroke(context, inks.line, [
    [x, 0, x, side],
    [0, y, side, y],
  ]);
  drawCircles(context, side, view, Float32Array.from(points.flat()), inks.real);
  if (cursor) drawCursor(context, side, place(side, view, ...cursor.at), cursor.size * side, inks.critic);
}

/** The point of the board at a share of its width, from the left, and of its height, from the top. */
export function pointAt({ view }: Look, across: number, down: number): Point {
  return [view.x_min + across * sideOf(view), view.y_max - down * sideOf(view)];
}

/** A coordinate with the decimals that tell a step of the cursor on this board. */
export function written(coordinate: number, { view }: Look): string {
  const decimals = Math.max(0, 3 - Math.ceil(Math.log10(sideOf(view))));
  return coordinate.toFixed(decimals).replace(/^-(0\.?0*)$/, '$1');
}

/** A cross for the place, which a small ring alone would not show among points. */
function drawCursor(context: CanvasRenderingContext2D, side: number, [x, y]: [number, number], radius: number, ink: string): void {
  const arm = side / 60;
  stroke(context, ink, [
    [x - arm, y, x + arm, y],
    [x, y - arm, x, y + arm],
  ]);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

function stroke(context: CanvasRenderingContext2D, ink: string, lines: [number, number, number, number][]): void {
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.beginPath();
  for (const [x, y, toX, toY] of lines) {
    context.moveTo(x, y);
    context.lineTo(toX, toY);
  }
  context.stroke();
}
