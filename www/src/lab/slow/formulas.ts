/** The objectives as a student reads them; sp(t) = log(1 + eᵗ). They are those of `src/objective.rs`. */
import type { Objective, TrainConfig } from '../../generated/types';
import { language } from '../../words/language.svelte';
import { setting } from './figures';

interface Formulas {
  critic: string;
  generator: string;
  /** |∂L_D/∂D| at a real and at a fake. */
  real: string;
  fake: string;
}

const LIKELIHOOD = { real: 'σ(−D(x))', fake: 'σ(D(g))' };

const say = () => language.words.slow.lines;

const FORMULAS: Record<Objective, Formulas> = {
  minimax: { critic: 'E sp(−D(x)) + E sp(D(g))', generator: '−E sp(D(g))', ...LIKELIHOOD },
  non_saturating: { critic: 'E sp(−D(x)) + E sp(D(g))', generator: 'E sp(−D(g))', ...LIKELIHOOD },
  lsgan: { critic: '½ E (D(x) − 1)² + ½ E D(g)²', generator: '½ E (D(g) − 1)²', real: '|D(x) − 1|', fake: '|D(g)|' },
  wgan: { critic: 'E D(g) − E D(x)', generator: '−E D(g)', real: '1', fake: '1' },
  hinge: {
    critic: 'E relu(1 − D(x)) + E relu(1 + D(g))',
    generator: '−E D(g)',
    get real() {
      return say().oneWhere('D(x) < 1');
    },
    get fake() {
      return say().oneWhere('D(g) > −1');
    },
  },
  rpgan: { critic: 'E sp(−(D(x) − D(g)))', generator: 'E sp(−(D(g) − D(x)))', real: 'E_g σ(D(g) − D(x))', fake: 'E_x σ(D(g) − D(x))' },
  ragan: {
    critic: 'E sp(−(D(x) − E D(g))) + E sp(D(g) − E D(x))',
    generator: 'E sp(D(x) − E D(g)) + E sp(−(D(g) − E D(x)))',
    real: 'σ(E D(g) − D(x)) + E_g σ(D(g) − E D(x))',
    fake: 'σ(D(g) − E D(x)) + E_x σ(E D(g) − D(x))',
  },
  kl_fgan: { critic: 'E exp(D(g) − 1) − E D(x)', generator: '−E exp(D(g) − 1)', real: '1', fake: 'exp(D(g) − 1)' },
};

/** The formulas of a run; a label below 1 smooths the target on reals where the objective has one. */
export function formulasOf({ objective, real_label: label, conditioning }: TrainConfig): Formulas {
  const formulas = { ...FORMULAS[objective], ...(label < 1 ? smoothed(objective, label) : {}) };
  const { critic, real, fake } = formulas;
  return conditioning === 'semi_supervised' ? { ...formulas, critic: `½ (${critic})`, real: `½ ${real}`, fake: `½ ${fake}` } : formulas;
}

function smoothed(objective: Objective, label: number): Partial<Formulas> {
  const [target, rest] = [setting(label), setting(1 - label)];
  if (objective === 'lsgan') return { critic: `½ E (D(x) − ${target})² + ½ E D(g)²`, real: `|D(x) − ${target}|` };
  if (objective === 'minimax' || objective === 'non_saturating') {
    return { critic: `E [${target} sp(−D(x)) + ${rest} sp(D(x))] + E sp(D(g))`, real: `|σ(D(x)) − ${target}|` };
  }
  return {};
}

/** L_G with everything that is part of it. */
export function generatorLoss(config: TrainConfig): string {
  const { adversarial, feature_matching: matching, conditioning } = config;
  const weighted = (weight: number, term: string) => (weight === 1 ? term : `${setting(weight)} · (${term})`);
  const terms = [
    ...(adversarial > 0 ? [weighted(adversarial, FORMULAS[config.objective].generator)] : []),
    ...(matching > 0 ? [weighted(matching, '‖E f(x) − E f(g)‖²')] : []),
    ...(conditioning === 'acgan' ? [say().classes] : []),
  ];
  return terms.join(' + ');
}

/** Whether D minimises more than a step reports: classes, the bottleneck, regularisers. */
export function hasMore({ conditioning, bottleneck, orthogonal, historical_averaging: averaging }: TrainConfig): boolean {
  return conditioning === 'acgan' || conditioning === 'semi_supervised' || bottleneck > 0 || orthogonal > 0 || averaging > 0;
}
