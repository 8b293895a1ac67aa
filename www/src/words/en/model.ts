/** The diagram of the model. */
import type { LatentKind } from '../../generated/types';
import { numbers } from './numbers';

const { whole } = numbers;

const dead = (units: number, of: number, layer: number) => `${units} of ${of} units of layer ${layer}`;
const place = (layer: number, unit: number) => `Layer ${layer}, unit ${unit}`;

export const model = {
  title: (run: string | undefined) => `Model${run ? ` of ${run}` : ''}`,
  about: 'z → G → x̃, x → D → logit, with every hidden unit',
  generator: { title: 'G, the generator', layers: 'G, layer by layer', units: 'Hidden units of G' },
  critic: { title: 'D, the critic', layers: 'D, layer by layer', units: 'Hidden units of D' },
  shape: (weights: number, depth: number, width: number, activation: string) =>
    `${whole(weights)} weights, ${depth} hidden ${depth === 1 ? 'layer' : 'layers'} of ${whole(width)}, ${activation}`,
  /** Behind z. */
  noise: (latent: string) => `, the noise: ${latent}`,
  latents: {
    normal: (dimensions: number) => (dimensions === 1 ? 'one number, normal, N(0, 1)' : `${dimensions} numbers, each normal, N(0, 1)`),
    uniform: (dimensions: number) => (dimensions === 1 ? 'one number, uniform on −√3 to √3' : `${dimensions} numbers, each uniform on −√3 to √3`),
  } satisfies Record<LatentKind, (dimensions: number) => string>,
  fake: 'a fake',
  real: 'a real of the data',
  oneByOne: 'one at a time',
  logit: 'D(x), a logit',
  logitHelp: ': the higher, the more real. One number for each place of the plane.',
  judged: 'judged, and gradients back',
  /** Behind the objective's name. */
  objective: ' is what they play for, D by its weights and G by its own.',
  help: (dimensions: number) => {
    const ways = dimensions > 2 ? ', the first across, the second upwards, the others 0' : dimensions > 1 ? ', the first across, the second upwards' : ' from left to right';
    return `Each square is one hidden unit: the more ink, the stronger it answers, paler where the answer is negative, each layer to its own scale. G's units answer to equally likely latents${ways}; D's to the part of the plane that the stage shows. A cross: a dead unit, whose answer never changes. Arrow keys go from unit to unit, Page Up and Page Down from layer to layer.`;
  },
  looking: 'The units are being looked at …',
  /** Above the units of a layer. */
  caption: (layer: number, scale: string, dead: number) => `↓ layer ${layer}, full ink from ±${scale}${dead > 0 ? `; ${dead} dead` : ''}`,
  unit: {
    place,
    read: (layer: number, unit: number, answers: string) => `${place(layer, unit)}: ${answers}`,
    silent: 'answers nothing anywhere',
    constant: (answer: string) => `answers ${answer} everywhere`,
    range: (low: string, high: string) => `${low} to ${high}`,
    unknown: 'answers no number',
  },
  health: {
    silent: (units: number, of: number, layer: number) => `${dead(units, of, layer)} ${units === 1 ? 'answers' : 'answer'} nothing anywhere`,
    constant: (units: number, of: number, layer: number) => `${dead(units, of, layer)} ${units === 1 ? 'answers' : 'answer'} the same everywhere`,
    allLive: (units: number) => `No dead units: all ${whole(units)} answer differently to different inputs.`,
  },
  table: { layer: 'Layer', units: 'Units', scale: 'Full ink from', silent: 'Answer nothing', constant: 'Always the same' },
  tooLarge: 'The networks are too large to be looked into: it would keep the engine from training for seconds.',
  none: (player: string, reason: string) => `${player} shows no units: ${reason}, and only plain fully connected layers are looked into.`,
  reasons: {
    norm: (norm: string) => `it has ${norm.toLowerCase()}`,
    spectral: 'its weights have spectral norm',
    convolutional: 'it is convolutional',
    classes: 'it has classes',
    batch: 'it sees the batch as a whole',
    packs: 'it judges packs of samples',
    bottleneck: 'it has a bottleneck',
    other: 'it is of another kind',
  },
};
