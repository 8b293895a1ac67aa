/** The two networks as they are shown: their hidden units, which of them are dead, and why there may be none to show. Plain numbers: no canvas and no words here. */
import { type NetworkConfig, type TrainConfig, UNIT_CELLS } from '../generated/types';

export type Player = 'generator' | 'critic';

/** What a unit is good for: it answers differently to different inputs, or 0 to all of them, or the same number to all of them. */
export type Life = 'live' | 'silent' | 'constant';

export interface Unit {
  /** Its activations, `[rows, UNIT_CELLS]`, row 0 the lowest; one row over a line. */
  answers: Float32Array;
  low: number;
  high: number;
  life: Life;
}

export interface Layer {
  units: Unit[];
  /** What nine of ten of its units that answer do not exceed, whatever the sign: from there on the ink is full. */
  scale: number;
}

/** A network's hidden layers from the engine's numbers, layer after layer, unit after unit; none where there are no numbers. */
export function layersOf(numbers: Float32Array, { width, depth }: NetworkConfig): Layer[] {
  const cells = numbers.length / (width * depth);
  if (cells !== UNIT_CELLS && cells !== UNIT_CELLS ** 2) return [];
  const unit = (at: number) => unitOf(numbers.subarray(at * cells, (at + 1) * cells));
  return Array.from({ length: depth }, (_, layer) => {
    const units = Array.from({ length: width }, (_, i) => unit(layer * width + i));
    return { units, scale: scaleOf(units) };
  });
}

/** More multiplications than these are not asked for: they would keep the engine from training for longer than a second. */
const MOST_PRODUCTS = 3e9;

/** Whether the units of such networks may take too long to be looked at, by more products than the engine needs for them. */
export function tooLarge({ generator, critic, latent_dim }: Pick<TrainConfig, 'generator' | 'critic' | 'latent_dim'>): boolean {
  const products = ({ width, depth }: NetworkConfig) => (UNIT_CELLS * width) ** 2 * ((depth * (depth + 1)) / 2);
  return products(generator) / (latent_dim > 1 ? 1 : UNIT_CELLS) + products(critic) > MOST_PRODUCTS;
}

function scaleOf(units: Unit[]): number {
  const most = units.map(({ low, high }) => Math.max(-low, high)).filter((size) => size > 0).sort((a, b) => a - b);
  return most[Math.floor(0.9 * (most.length - 1))] ?? 0;
}

/** A cell that is no number says nothing of the range, and is not dead either. */
function unitOf(answers: Float32Array): Unit {
  let [low, high] = [Infinity, -Infinity];
  for (const answer of answers) [low, high] = [answer < low ? answer : low, answer > high ? answer : high];
  const known = low <= high ? { low, high } : { low: NaN, high: NaN };
  const same = answers.every((answer) => answer === answers[0]);
  return { answers, ...known, life: !same ? 'live' : answers[0] === 0 ? 'silent' : 'constant' };
}

/** How many units of a layer are live, or dead in one way. */
export function counted({ units }: Layer, life: Life): number {
  return units.filter((unit) => unit.life === life).length;
}

export function short(value: number): string {
  return String(+value.toPrecision(3)).replace('-', '−');
}

/** What keeps a network's units from being shown. */
export type Reason = 'large' | 'norm' | 'spectral' | 'convolutional' | 'classes' | 'batch' | 'packs' | 'bottleneck' | 'other';

/** Why a network has no units to show: its size, or the first of its settings by which it is more than fully connected layers with activations. */
export function reasonOf(config: TrainConfig, player: Player): Reason {
  const { norm, spectral_norm } = config[player];
  const reasons: [boolean, Reason][] = [
    [tooLarge(config), 'large'],
    [norm !== 'none', 'norm'],
    [spectral_norm, 'spectral'],
    [config.family !== 'mlp', 'convolutional'],
    // In the semi-supervised game only D hears of classes.
    [player === 'generator' ? !['none', 'semi_supervised'].includes(config.conditioning) : config.conditioning !== 'none', 'classes'],
    [player === 'critic' && config.minibatch !== 'none', 'batch'],
    [player === 'critic' && config.packing > 1, 'packs'],
    [player === 'critic' && config.bottleneck > 0, 'bottleneck'],
  ];
  return reasons.find(([is]) => is)?.[1] ?? 'other';
}
