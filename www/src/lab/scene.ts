/** Where each toy distribution lies in the plane: what the stage shows of it, and its picture on a button. */
import type { DataKind, View } from '../generated/types';

export interface Scene {
  title: string;
  /** Half the side of the square that is shown, in data units. */
  half: number;
  modes: [number, number][];
  sigma: number;
}

function ring(count: number): [number, number][] {
  return Array.from({ length: count }, (_, k) => [Math.cos((2 * Math.PI * k) / count), Math.sin((2 * Math.PI * k) / count)]);
}

function grid(side: number, gap: number): [number, number][] {
  const at = (k: number) => (k - (side - 1) / 2) * gap;
  return Array.from({ length: side * side }, (_, k) => [at(k % side), at(Math.floor(k / side))]);
}

const SCENES: Partial<Record<DataKind, Scene>> = {
  ring8: { title: 'Ring of 8', half: 1.5, modes: ring(8), sigma: 0.01 },
  grid25: { title: 'Grid of 25', half: 5.5, modes: grid(5, 2), sigma: 0.05 },
};

/** The scene of data that are points; null for images. */
export function sceneOf(data: DataKind): Scene | null {
  return SCENES[data] ?? null;
}

/** The square of a scene, as the engine takes it. */
export function viewOf(scene: Scene): View {
  return { x_min: -scene.half, x_max: scene.half, y_min: -scene.half, y_max: scene.half };
}
