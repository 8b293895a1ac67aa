/** What a phase draws attention to on the stage, beside its layers: how much each sample weighs, and where each fake came from. */
import type { View } from '../../generated/types';
import type { Pen } from '../../ui/svg-pen';
import type { Inks } from '../../ui/theme.svelte';
import { type Layers, place } from '../draw';
import { circle, triangle } from '../marks';
import type { StageData } from '../stage';
import type { Weights } from './weights';

export interface Emphasis {
  weights: Weights | null;
  /** Where the fakes were, `[samples, 2]`; the arrows stay there. */
  from: Float32Array | null;
}

/** The radius of a sample of full weight, as a part of the stage's side, and of one without any. */
const FULL = 1 / 85;
const LEAST = 1 / 900;

/** Reals and fakes, each as large as its weight, the reals outlined as one so that they stand out from D's colours. */
export function drawWeighted(context: Pen, size: number, stage: StageData, weights: Weights, layers: Layers, inks: Inks): void {
  const radii = (sizes: Float32Array) => (i: number) => size * (LEAST + (FULL - LEAST) * Math.min(weights.unit > 0 ? sizes[i] / weights.unit : 0, 1));
  context.lineWidth = Math.max(2, size / 300);
  if (layers.reals) {
    trace(context, size, stage.view, stage.reals, radii(weights.reals), circle);
    context.strokeStyle = inks.critic;
    context.stroke();
    context.fillStyle = inks.real;
    context.fill();
  }
  if (layers.fakes) {
    trace(context, size, stage.view, stage.fakes, radii(weights.fakes), triangle);
    context.strokeStyle = inks.fake;
    context.lineWidth = Math.max(1.25, size / 480);
    context.stroke();
  }
}

function trace(context: Pen, size: number, view: View, points: Float32Array, radius: (i: number) => number, shape: (context: Pen, x: number, y: number, radius: number) => void): void {
  context.beginPath();
  for (let i = 0; i < points.length / 2; i++) {
    const [x, y] = place(size, view, points[2 * i], points[2 * i + 1]);
    if (x >= 0 && x <= size && y >= 0 && y <= size) shape(context, x, y, radius(i));
  }
}

/** The way of each fake. */
export function drawTrails(context: Pen, size: number, view: View, from: Float32Array, to: Float32Array, ink: string): void {
  context.strokeStyle = ink;
  context.lineWidth = Math.max(1, size / 560);
  context.globalAlpha = 0.45;
  context.beginPath();
  for (let i = 0; i < to.length; i += 2) {
    context.moveTo(...place(size, view, from[i], from[i + 1]));
    context.lineTo(...place(size, view, to[i], to[i + 1]));
  }
  context.stroke();
  context.globalAlpha = 1;
}
