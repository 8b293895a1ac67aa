/** What part of the plane is looked at: zooming about a point and moving, within bounds. */
import type { View } from '../generated/types';

/** How far one may zoom in and out, as a part of the data's own view. */
const CLOSEST = 1 / 16;
const FARTHEST = 8;
/** One step of the buttons and keys. */
export const ZOOM_STEP = 1.5;
export const MOVE_STEP = 0.15;

const side = (view: View) => view.x_max - view.x_min;

/** The view `factor` times as large about a point given as parts of the picture, (0, 0) at its upper left. */
export function zoomed(view: View, home: View, factor: number, x = 0.5, y = 0.5): View {
  const old = side(view);
  const size = Math.min(Math.max(old * factor, side(home) * CLOSEST), side(home) * FARTHEST);
  const left = view.x_min + x * (old - size);
  const top = view.y_max - y * (old - size);
  return { x_min: left, x_max: left + size, y_min: top - size, y_max: top };
}

/** The view moved by parts of its side to the right and upwards; the data's own view is never lost sight of. */
export function moved(view: View, home: View, right: number, up: number): View {
  const size = side(view);
  const within = (low: number, shift: number, from: number, to: number) => Math.min(Math.max(low + shift * size, from - 0.9 * size), to - 0.1 * size);
  const left = within(view.x_min, right, home.x_min, home.x_max);
  const bottom = within(view.y_min, up, home.y_min, home.y_max);
  return { x_min: left, x_max: left + size, y_min: bottom, y_max: bottom + size };
}

export function sameView(a: View, b: View): boolean {
  return a.x_min === b.x_min && a.x_max === b.x_max && a.y_min === b.y_min && a.y_max === b.y_max;
}

/** At what parts of the picture a point lies. */
export function fractionAt(view: View, x: number, y: number): [number, number] {
  return [(x - view.x_min) / (view.x_max - view.x_min), (view.y_max - y) / (view.y_max - view.y_min)];
}

/** The point at parts of the picture. */
export function pointAt(view: View, x: number, y: number): [number, number] {
  return [view.x_min + x * (view.x_max - view.x_min), view.y_max - y * (view.y_max - view.y_min)];
}
