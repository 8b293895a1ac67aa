/** The doctor and the gallery of failures. */
import type { Ailment, Measure } from '../../generated/types';
import { numbers } from './numbers';

const { whole } = numbers;

const ailments = {
  divergence: { title: 'Divergence', help: 'numbers run off to infinity' },
  weak_critic: { title: 'D too weak', help: 'it ranks fakes above reals' },
  dead_units: { title: 'Dead units', help: 'hidden ReLUs that answer nothing any more' },
  vanishing_gradient: { title: 'Vanishing gradient of G', help: 'D is so sure that the objective has no slope left for G' },
  disjoint_supports: { title: 'Disjoint supports', help: 'a perfect D, whose slope leads nowhere' },
  mode_hopping: { title: 'Mode hopping', help: 'G jumps from mode to mode' },
  oscillation: { title: 'Oscillation', help: 'both players turn about the equilibrium' },
  mode_collapse: { title: 'Mode collapse', help: 'G makes few of the modes' },
} satisfies Record<Ailment, { title: string; help: string }>;

const measures = {
  logits: 'largest mean logit',
  gap: 'median of D(x) − D(g) over 200 steps',
  dead_share: 'share of dead units',
  saturated: 'share of the fakes without pull',
  auc: 'P(D(x) > D(g)), the chance that D ranks a real higher',
  sliced_w1: 'sliced W1 in standard deviations',
  basins: 'modes that are made',
  hops: 'changes of the fullest mode in five looks',
  swings: 'swings of D(x) − D(g) in 200 steps',
} satisfies Record<Measure, string>;

export const doctor = {
  title: 'Doctor',
  looks: 'Looks at the run about once a second while it trains.',
  well: 'Nothing is wrong.',
  finding: (help: string) => `: ${help}.`,
  evidence: (measure: string, value: string, limit: string) => `${measure} ${value}, limit ${limit}`,
  withIt: (others: string) => `With it: ${others}.`,
  and: ', ',
  treat: 'Try the remedy beside it',
  anew: ', both from image 0',
  gallery: 'Gallery of failures',
  /** The engine's own words; other languages have theirs. */
  why: (_: Ailment, english: string) => english,
  papers: (papers: string, steps: number) => `${papers}. It shows within ${whole(steps)} steps.`,
  fail: 'Let it fail',
  beside: 'Beside its remedy',
  /** The gallery, one after the other. */
  lesson: {
    go: 'Next failure, or remedy',
    help: 'Goes through all of them, each alone and then beside its remedy (key n).',
    shown: (step: number, of: number, title: string, beside: boolean) => `Gallery, step ${step} of ${of}: ${title}${beside ? ' (A) beside its remedy (B)' : ''}.`,
    next: (title: string, beside: boolean) => (beside ? ' Next (n): beside its remedy.' : ` Next (n): ${title}.`),
  },
  ailments,
  measures,
};
