/** The two networks and their hidden units in the page's language. Whatever calls these in a template or a `$derived` follows the language. */
import type { TrainConfig } from '../../generated/types';
import { valueWords } from '../../settings/said';
import { language } from '../../words/language.svelte';
import { type Layer, type Player, type Unit, counted, reasonOf, short } from '../model';
import type { Place } from './strips';

/** All dead units of a network in one sentence. */
export function healthWords(layers: Layer[]): string {
  const { health } = language.words.model;
  const deaths = layers.flatMap((layer, i) =>
    (['silent', 'constant'] as const).flatMap((life) => {
      const dead = counted(layer, life);
      return dead > 0 ? [health[life](dead, layer.units.length, i + 1)] : [];
    }),
  );
  const all = layers.reduce((sum, { units }) => sum + units.length, 0);
  return deaths.length > 0 ? language.words.stage.summary.sentence(deaths) : health.allLive(all);
}

/** What stands above a layer's units. */
export function captionOf(layer: Layer, number: number): string {
  return language.words.model.caption(number, short(layer.scale), layer.units.length - counted(layer, 'live'));
}

/** What a unit answers. */
export function unitWords({ low, high, life }: Unit): string {
  const t = language.words.model.unit;
  if (life === 'silent') return t.silent;
  if (life === 'constant') return t.constant(short(low));
  return Number.isNaN(low) ? t.unknown : t.range(short(low), short(high));
}

export function placeWords({ layer, unit }: Place): string {
  return language.words.model.unit.place(layer + 1, unit + 1);
}

/** A unit for a screen reader. */
export function readOut(layers: Layer[], { layer, unit }: Place): string {
  return language.words.model.unit.read(layer + 1, unit + 1, unitWords(layers[layer].units[unit]));
}

/** How large a network is, and what its hidden layers are. */
export function shapeWords(config: TrainConfig, player: Player, weights: number): string {
  const { depth, width, activation } = config[player];
  return language.words.model.shape(weights, depth, width, valueWords('Activation', activation).title);
}

/** What z is. */
export function latentWords({ latent, latent_dim }: Pick<TrainConfig, 'latent' | 'latent_dim'>): string {
  return language.words.model.latents[latent](latent_dim);
}

/** Why a network shows no units. */
export function whyNone(config: TrainConfig, player: Player): string {
  const { tooLarge, none, reasons } = language.words.model;
  const reason = reasonOf(config, player);
  if (reason === 'large') return tooLarge;
  const why = reason === 'norm' ? reasons.norm(valueWords('Norm', config[player].norm).title) : reasons[reason];
  return none(player === 'generator' ? 'G' : 'D', why);
}

/** What is said of an objective before its formulas, which the engine's help ends with. */
export function prose(help: string): string {
  return help.split(/\s*D(?:: |：)/)[0];
}
