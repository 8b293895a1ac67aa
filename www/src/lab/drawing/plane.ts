/** The board as a piece of the plane, in data units. */
import type { View } from '../../generated/types';

export type Point = [number, number];

/** The empty board: the toys are about this large. */
export const BOARD: View = { x_min: -2, x_max: 2, y_min: -2, y_max: 2 };

/** Points that span less of the empty board than this are shown larger, on a board of their own. */
const SMALL = 0.25;
/** How much larger than its points such a board is: there is room to draw around them. */
const ROOM = 1.3;

/** All boards are square. */
export function sideOf(view: View): number {
  return view.x_max - view.x_min;
}

export function isInside({ x_min, x_max, y_min, y_max }: View, [x, y]: Point): boolean {
  return x >= x_min && x <= x_max && y >= y_min && y <= y_max;
}

/** The board for points that come from elsewhere: the empty one where they suit it, so that what was drawn comes back as large as it was. */
export function boardFor(points: readonly Point[]): View {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const span = Math.max(right - left, top - bottom);
  const suits = span >= SMALL * sideOf(BOARD) && points.every((point) => isInside(BOARD, point));
  if (suits || points.length === 0) return BOARD;
  const half = (span > 0 ? span * ROOM : sideOf(BOARD)) / 2;
  const [x, y] = [(left + right) / 2, (bottom + top) / 2];
  return { x_min: x - half, x_max: x + half, y_min: y - half, y_max: y + half };
}

/** The distance from a point to a line from `a` to `b`. */
export function distanceTo([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const along = square > 0 ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / square, 0), 1) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
