/** The marks of the two kinds of samples, and every other closed line, as parts of a path. */
import type { Pen } from '../ui/svg-pen';

/** The mark of reals, filled. */
export function circle(pen: Pen, x: number, y: number, radius: number): void {
  pen.moveTo(x + radius, y);
  pen.arc(x, y, radius, 0, 2 * Math.PI);
}

/** The mark of fakes, hollow. */
export function triangle(pen: Pen, x: number, y: number, radius: number): void {
  const [side, base] = [0.87 * radius, y + 0.5 * radius];
  polygon(pen, [
    [x, y - radius],
    [x + side, base],
    [x - side, base],
  ]);
}

/**
 * From the middle of its last edge around to it again: so no corner lacks its join.
 *
 * `closePath` would say the same, but Chromium measures the whole path at each, and a stage has hundreds in one: it was a seventh of all that the page did.
 */
export function polygon(pen: Pen, corners: [number, number][]): void {
  const [[x, y], [u, v]] = [corners[0], corners[corners.length - 1]];
  const [startX, startY] = [(x + u) / 2, (y + v) / 2];
  pen.moveTo(startX, startY);
  for (const [x, y] of corners) pen.lineTo(x, y);
  pen.lineTo(startX, startY);
}
