/** The two networks as they are shown: their hidden units, which of them are dead, and what there is to say. Plain numbers and words: no canvas here. */
import { type NetworkConfig, type TrainConfig, UNIT_CELLS } from '../generated/types';
import { FIELDS } from '../settings/fields';
import type { Choice } from '../settings/form';
import { whole } from './summary';

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

/** Whether the units of such networks take too long to be looked at: the engine goes to each layer from the start. */
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

/** How many units of a layer are dead in one way. */
export function counted({ units }: Layer, life: Life): number {
  return units.filter((unit) => unit.life === life).length;
}

// -- in words ---------------------------------------------------------------------------------------------------------------------------------

/** The dead units of a layer; empty where there are none. */
export function deathsOf(layer: Layer, number: number): string {
  const of = (dead: number, does: string, do_: string) => `${dead} of ${layer.units.length} units of layer ${number} ${dead === 1 ? does : do_}`;
  const [silent, constant] = [counted(layer, 'silent'), counted(layer, 'constant')];
  const parts = [silent > 0 && of(silent, 'answers nothing anywhere', 'answer nothing anywhere'), constant > 0 && of(constant, 'answers the same everywhere', 'answer the same everywhere')];
  return parts.filter(Boolean).join('; ');
}

/** All dead units of a network in one sentence. */
export function healthOf(layers: Layer[]): string {
  const deaths = layers.map((layer, i) => deathsOf(layer, i + 1)).filter(Boolean);
  const all = layers.reduce((sum, { units }) => sum + units.length, 0);
  return deaths.length > 0 ? `${deaths.join('; ')}.` : `No dead units: all ${whole(all)} answer differently to different inputs.`;
}

/** A unit for a screen reader, and below its picture. */
export function unitWords({ low, high, life }: Unit): string {
  if (life === 'silent') return 'answers nothing anywhere';
  if (life === 'constant') return `answers ${short(low)} everywhere`;
  return Number.isNaN(low) ? 'answers no number' : `${short(low)} to ${short(high)}`;
}

export function short(value: number): string {
  return String(+value.toPrecision(3)).replace('-', '−');
}

/** The hidden layers in words. */
export function shapeOf(config: TrainConfig, player: Player): string {
  const { depth, width, activation } = config[player];
  return `${depth} hidden ${depth === 1 ? 'layer' : 'layers'} of ${whole(width)}, ${wordsOf(`${player}.activation`, activation).label}`;
}

/** What z is. */
export function latentWords({ latent, latent_dim }: TrainConfig): string {
  return `${latent_dim === 1 ? 'one number' : `${latent_dim} numbers`}, ${latent_dim === 1 ? '' : 'each '}${latent === 'normal' ? 'normal, N(0, 1)' : 'uniform on −√3 to √3'}`;
}

/** A choice of the form by its setting's name. */
export function wordsOf(path: string, value: string): Choice {
  const fields = FIELDS.flatMap((field) => (field.kind === 'group' ? field.fields : [field]));
  const field = fields.find((each) => each.path === path);
  const choice = field?.kind === 'choice' ? field.choices.find((each) => each.value === value) : undefined;
  return choice ?? { value, label: value, help: '' };
}

/** Why a network has no units to show: the first of its settings by which it is more than fully connected layers with activations. */
export function whyNone(config: TrainConfig, player: Player): string {
  const { norm, spectral_norm } = config[player];
  const reasons: [boolean, string][] = [
    [norm !== 'none', `it has ${wordsOf(`${player}.norm`, norm).label.toLowerCase()}`],
    [spectral_norm, 'its weights have spectral norm'],
    [config.family !== 'mlp', 'it is convolutional'],
    // In the semi-supervised game only D hears of classes.
    [player === 'generator' ? !['none', 'semi_supervised'].includes(config.conditioning) : config.conditioning !== 'none', 'it has classes'],
    [player === 'critic' && config.minibatch !== 'none', 'it sees the batch as a whole'],
    [player === 'critic' && config.packing > 1, 'it judges packs of samples'],
    [player === 'critic' && config.bottleneck > 0, 'it has a bottleneck'],
  ];
  if (tooLarge(config)) return 'The networks are too large to be looked into: it would keep the engine from training for seconds.';
  const reason = reasons.find(([is]) => is)?.[1] ?? 'it is of another kind';
  return `${player === 'generator' ? 'G' : 'D'} shows no units: ${reason}, and only plain fully connected layers are looked into.`;
}
