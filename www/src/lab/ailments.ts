/** What the doctor finds, in words. */
import type { Ailment, Evidence, Measure } from '../generated/types';

export const AILMENTS: Record<Ailment, { title: string; help: string }> = {
  divergence: { title: 'Divergence', help: 'numbers run off to infinity' },
  weak_critic: { title: 'D too weak', help: 'it ranks fakes above reals' },
  dead_units: { title: 'Dead units', help: 'hidden ReLUs that answer nothing any more' },
  vanishing_gradient: { title: 'Vanishing gradient of G', help: 'D is so sure that the objective has no slope left for G' },
  disjoint_supports: { title: 'Disjoint supports', help: 'a perfect D, whose slope leads nowhere' },
  mode_hopping: { title: 'Mode hopping', help: 'G jumps from mode to mode' },
  oscillation: { title: 'Oscillation', help: 'both players turn about the equilibrium' },
  mode_collapse: { title: 'Mode collapse', help: 'G makes few of the modes' },
};

const MEASURES: Record<Measure, string> = {
  logits: 'largest mean logit',
  gap: 'median of D(x) − D(g) over 200 steps',
  dead_share: 'share of dead units',
  saturated: 'share of the fakes without pull',
  auc: 'P(D(x) > D(g))',
  sliced_w1: 'sliced W1 in standard deviations',
  basins: 'modes that are made',
  hops: 'changes of the fullest mode in five looks',
  swings: 'swings of D(x) − D(g) in 200 steps',
};

/** `modes that are made 2, limit 4`. */
export function evidenceWords({ measure, value, limit }: Evidence): string {
  return `${MEASURES[measure]} ${Number.isFinite(value) ? short(value) : '∞'}, limit ${short(limit)}`;
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(2);
}
