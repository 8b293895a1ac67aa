/** What each toy looks like, on its button and on the stage. */
import scenes from '../generated/scenes.json';
import type { DataKind, Scene } from '../generated/types';
import { DATA_KINDS } from '../settings/fields';

/** The data that need nothing but their name, in the order of the engine. */
export const TOYS = DATA_KINDS.filter((data) => data in scenes);

/** A toy's scene; null for data that are a person's own, or images. */
export function sceneOf(data: DataKind): Scene | null {
  return (scenes as Partial<Record<DataKind, unknown>>)[data] as Scene | undefined ?? null;
}

/** Points of the line as points of the plane: stacked from the middle of the view upwards or downwards, `step` apart. */
export function stacked(xs: Float32Array, scene: Scene, step: number): Float32Array {
  const { x_min, x_max, y_min, y_max } = scene.view;
  const middle = (y_min + y_max) / 2;
  const heights = new Map<number, number>();
  const points = new Float32Array(2 * xs.length);
  xs.forEach((x, i) => {
    const column = columnOf(x, x_min, x_max);
    const height = (heights.get(column) ?? 0) + 1;
    heights.set(column, height);
    points.set([x, middle + step * height], 2 * i);
  });
  return points;
}

const COLUMNS = 80;

function columnOf(x: number, low: number, high: number): number {
  return Math.floor(((x - low) / (high - low)) * COLUMNS);
}

/** How far apart points of the line are stacked: so that the highest column of the reals reaches halfway to the edge. */
export function stackStep(reals: Float32Array, scene: Scene): number {
  const { x_min, x_max, y_min, y_max } = scene.view;
  const heights = new Map<number, number>();
  for (const x of reals) {
    const column = columnOf(x, x_min, x_max);
    heights.set(column, (heights.get(column) ?? 0) + 1);
  }
  return (y_max - y_min) / 4 / Math.max(1, ...heights.values());
}
