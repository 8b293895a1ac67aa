/** Where each toy distribution lies in the plane: what the stage shows of it, and its picture on a button. */
import densities from '../generated/densities.json';
import type { DataKind, GaussianMixture, View } from '../generated/types';

export interface Scene extends GaussianMixture {
  title: string;
  /** Half the side of the square that is shown, in data units. */
  half: number;
}

const TITLES: Record<keyof typeof densities, string> = { ring8: 'Ring of 8', grid25: 'Grid of 25' };
/** The view reaches this much further than the outermost mode, so that no run starts outside it. */
const PADDING = 1.4;

function scene(name: keyof typeof densities): Scene {
  const density = densities[name] as GaussianMixture;
  const reach = Math.max(...density.modes.flat().map(Math.abs));
  return { ...density, title: TITLES[name], half: PADDING * reach };
}

const SCENES: Partial<Record<DataKind, Scene>> = { ring8: scene('ring8'), grid25: scene('grid25') };

/** The scene of data that are points; null for images. */
export function sceneOf(data: DataKind): Scene | null {
  return SCENES[data] ?? null;
}

/** The square of a scene, as the engine takes it. */
export function viewOf(scene: Scene): View {
  return { x_min: -scene.half, x_max: scene.half, y_min: -scene.half, y_max: scene.half };
}
