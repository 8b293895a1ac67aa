/** Draws a stage on a canvas: the ground with its isolines below, real samples as filled circles, fakes as hollow triangles. */
import type { Scene, View } from '../generated/types';
import type { Pen } from '../ui/svg-pen';
import type { Inks } from '../ui/theme.svelte';
import { contour } from './contours';
import { circle, triangle } from './marks';
import { drawMesh } from './mesh';
import { drawTrails, drawWeighted } from './slow/emphasis';
import { type StageData, forceUnit } from './stage';

export interface Layers {
  reals: boolean;
  fakes: boolean;
  ground: boolean;
  lines: boolean;
  modes: boolean;
  forces: boolean;
  mesh: boolean;
  /** The isolines of D*. */
  best: boolean;
}

/** Arrows on the stage, at most: more hide each other. */
const MOST_ARROWS = 160;
/** What part of the stage's side an arrow of the unit has. */
export const ARROW_UNIT = 1 / 14;
/** D = .25, .5, .75 as logits. */
const LEVELS = [-Math.log(3), 0, Math.log(3)];

/** The isolines of D, or of D*, in cells. */
export function isolines(logits: Float32Array, grid: number, neutral: number): number[][] {
  return LEVELS.map((level) => contour(logits, grid, neutral + level));
}

/** A canvas of the ground, to be scaled onto the stage. */
export function groundCanvas(image: ImageData): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** In a worker the ground is another kind of canvas. */
export interface Picture<Image = HTMLCanvasElement> {
  stage: StageData;
  scene: Scene;
  /** Null where it has not been seen yet. */
  ground: Image | null;
  lines: number[][];
  best: number[][];
  layers: Layers;
  inks: Inks;
}

/** Draws in a square of `size` CSS pixels; the context is scaled to the device's pixels by the caller. */
export function drawStage<Image>(context: Pen<Image>, size: number, picture: Picture<Image>): void {
  const { stage, scene, ground, lines, best, layers, inks } = picture;
  context.clearRect(0, 0, size, size);
  if (layers.ground && ground) {
    context.imageSmoothingEnabled = true;
    // Bilinear: the cubic of `high` looks the same here and costs a millisecond more of each frame where no GPU draws.
    context.imageSmoothingQuality = 'medium';
    context.drawImage(ground, 0, 0, size, size);
  }
  if (layers.mesh && stage.mesh) drawMesh(context, size, stage.view, stage.mesh, { ink: inks.fake, foldInk: inks.critic });
  if (layers.lines) drawLines(context, size, stage.grid, lines, inks.critic, []);
  if (layers.best) drawLines(context, size, stage.grid, best, inks.critic, [5, 4]);
  if (layers.modes) drawModes(context, size, stage.view, scene, inks.critic);
  const { weights, from } = stage.emphasis ?? {};
  if (layers.fakes && from) drawTrails(context, size, stage.view, from, stage.fakes, inks.fake);
  if (weights) drawWeighted(context, size, stage, weights, layers, inks);
  if (layers.reals && !weights) drawCircles(context, size, stage.view, stage.reals, inks.real);
  if (layers.fakes && !weights) drawTriangles(context, size, stage.view, stage.fakes, inks.fake);
  if (layers.forces && stage.forces) drawArrows(context, size, stage.view, from ?? stage.fakes, stage.forces, inks.critic);
}

/** Arrows from every so many-th fake, all to one scale. */
function drawArrows(context: Pen, size: number, view: View, points: Float32Array, forces: Float32Array, ink: string): void {
  const unit = forceUnit(forces);
  if (unit === 0) return;
  const scale = (size * ARROW_UNIT) / unit;
  const every = Math.ceil(points.length / 2 / MOST_ARROWS);
  const head = Math.max(3.5, size / 130);
  context.strokeStyle = ink;
  context.lineWidth = Math.max(1.2, size / 420);
  context.beginPath();
  for (let i = 0; i < points.length; i += 2 * every) {
    const [x, y] = place(size, view, points[i], points[i + 1]);
    const [dx, dy] = [forces[i] * scale, -forces[i + 1] * scale];
    const length = Math.hypot(dx, dy);
    if (!(x >= 0 && x <= size && y >= 0 && y <= size) || !(length > 1)) continue;
    context.moveTo(x, y);
    context.lineTo(x + dx, y + dy);
    const [ex, ey] = [(dx / length) * Math.min(head, length), (dy / length) * Math.min(head, length)];
    for (const side of [0.5, -0.5]) {
      context.moveTo(x + dx, y + dy);
      context.lineTo(x + dx - ex + side * ey, y + dy - ey - side * ex);
    }
  }
  context.stroke();
}

function drawLines(context: Pen, size: number, grid: number, lines: number[][], ink: string, dash: number[]): void {
  const scale = size / grid;
  context.strokeStyle = ink;
  context.setLineDash(dash);
  lines.forEach((segments, level) => {
    context.beginPath();
    for (let i = 0; i < segments.length; i += 4) {
      context.moveTo(segments[i] * scale, size - segments[i + 1] * scale);
      context.lineTo(segments[i + 2] * scale, size - segments[i + 3] * scale);
    }
    // The middle one, where D is undecided, is the strongest.
    context.globalAlpha = level === 1 ? 0.6 : 0.25;
    context.lineWidth = level === 1 ? 1.25 : 1;
    context.stroke();
  });
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawModes(context: Pen, size: number, view: View, scene: Scene, ink: string): void {
  const scale = size / (view.x_max - view.x_min);
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.globalAlpha = 0.7;
  context.beginPath();
  for (const { centre, sigma } of scene.modes ?? []) {
    const [px, py] = place(size, view, centre[0], centre[1]);
    const [rx, ry] = [3 * sigma[0] * scale, 3 * sigma[1] * scale];
    if (scene.dim === 1) {
      for (const edge of [px - rx, px + rx]) {
        context.moveTo(edge, 0);
        context.lineTo(edge, size);
      }
    } else {
      context.moveTo(px + rx, py);
      context.ellipse(px, py, rx, ry, 0, 0, 2 * Math.PI);
    }
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** Points as filled circles: the mark of reals. */
export function drawCircles(context: Pen, size: number, view: View, points: Float32Array, ink: string): void {
  const radius = Math.max(1.4, size / 360);
  context.fillStyle = ink;
  context.globalAlpha = 0.75;
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = place(size, view, points[i], points[i + 1]);
    circle(context, x, y, radius);
  }
  context.fill();
  context.globalAlpha = 1;
}

function drawTriangles(context: Pen, size: number, view: View, points: Float32Array, ink: string): void {
  const side = Math.max(2.4, size / 190);
  context.strokeStyle = ink;
  context.lineWidth = Math.max(1, size / 560);
  context.globalAlpha = 0.85;
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = place(size, view, points[i], points[i + 1]);
    if (!(x >= 0 && x <= size && y >= 0 && y <= size)) continue;
    triangle(context, x, y, side);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** Data units to CSS pixels; y grows upwards in the data and downwards on the screen. */
export function place(size: number, view: View, x: number, y: number): [number, number] {
  return [((x - view.x_min) / (view.x_max - view.x_min)) * size, ((view.y_max - y) / (view.y_max - view.y_min)) * size];
}
