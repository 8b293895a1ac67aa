/** The formulas of a phase, with the numbers of this very step. */
import type { TrainConfig } from '../../generated/types';
import { language } from '../../words/language.svelte';
import type { StageData } from '../stage';
import { whole } from '../summary';
import { figure, setting } from './figures';
import { formulasOf, generatorLoss, hasMore } from './formulas';
import type { Phase } from './phases';
import { type Told, judgedOf, learntOf, scheduled } from './told';
import { logitsAt, meanOf, weightsOf } from './weights';

export interface Line {
  /** A stable word for programs. */
  name: string;
  formula: string;
  /** Null where the formula says it all. */
  value: number | null;
  /** The value as it is written. */
  text: string;
}

const say = () => language.words.slow.lines;

const line = (name: string, formula: string, value: number): Line => ({ name, formula, value, text: figure(value) });
/** Of the samples shown, not of the batch. */
const mean = (name: string, formula: string, value: number): Line => ({ ...line(name, formula, value), text: say().mean(figure(value)) });
const words = (name: string, formula: string, text = ''): Line => ({ name, formula, value: null, text });

export function linesOf(phase: Phase, told: Told): Line[] {
  switch (phase) {
    case 'sample':
      return samples(told.config);
    case 'answer':
      return [line('d_real', 'E D(x)', told.report.d_real), line('d_fake', 'E D(g)', told.report.d_fake)];
    case 'critic-gradient':
      return [...lossOfD(told), ...pulls(told)];
    case 'critic-update':
      return [updateOfD(told), ...changeOfD(told)];
    case 'generator-gradient':
      return [line('loss_g', `L_G = ${generatorLoss(told.config)}`, told.report.loss_g), mean('force', say().force, meanLength(judgedOf(told).forces))];
    case 'generator-update':
      return [...updateOfG(told), changeOfG(told)];
    case 'both-update':
      return [updateOfD(told), ...updateOfG(told), ...changeOfD(told), changeOfG(told)];
  }
}

function samples({ batch, n_critic: times, latent, latent_dim: dim, learn }: TrainConfig): Line[] {
  const count = times > 1 && learn !== 'generator' ? `${whole(times)} × ${whole(batch)}` : whole(batch);
  const from = latent === 'normal' ? 'N(0, 1)' : 'U(−√3, √3)';
  return [words('reals', say().reals, count), words('fakes', say().fakes(dim, from), count)];
}

/** Penalties that are on: name, symbol, formula with its weight, value. */
function penalties({ config, images, report }: Told): { symbol: string; line: Line }[] {
  const [r1, r2, lambda] = [config.r1, config.r2, config.gp_weight].map((schedule) => scheduled(schedule, images));
  const found = [];
  if (r1 > 0) found.push({ symbol: 'R₁', line: line('r1', `R₁ = γ₁/2 · E ‖∇D(x)‖² = ${setting(r1)}/2 · ${figure((2 * report.r1) / r1)}`, report.r1) });
  if (r2 > 0) found.push({ symbol: 'R₂', line: line('r2', `R₂ = γ₂/2 · E ‖∇D(g)‖² = ${setting(r2)}/2 · ${figure((2 * report.r2) / r2)}`, report.r2) });
  const slope = { none: '', wgan_gp: 'E (‖∇D(x̂)‖ − 1)²', wgan_gp_one_sided: 'E relu(‖∇D(x̂)‖ − 1)²', dragan: 'E (‖∇D(x + δ)‖ − 1)²' }[config.gradient_penalty];
  if (slope && lambda > 0) found.push({ symbol: 'P', line: line('slope', `P = λ ${slope} = ${setting(lambda)} · ${figure(report.slope / lambda)}`, report.slope) });
  return found;
}

function lossOfD(told: Told): Line[] {
  const { config, report } = told;
  const formula = formulasOf(config).critic;
  const filled = config.objective === 'wgan' ? ` = ${figure(report.d_fake)} − ${bracketed(report.d_real)}` : '';
  const found = penalties(told);
  const total = [report.loss_d, ...found.map(({ line }) => line.value ?? 0)].reduce((sum, each) => sum + each, 0);
  const sum = found.length > 0 ? [line('total', totalOfD(told), total)] : [];
  return [line('loss_d', `L_D = ${formula}${filled}`, report.loss_d), ...found.map(({ line }) => line), ...sum];
}

function bracketed(value: number): string {
  return value < 0 ? `(${figure(value)})` : figure(value);
}

function totalOfD(told: Told): string {
  return ['L_D', ...penalties(told).map(({ symbol }) => symbol)].join(' + ');
}

function pulls({ config, before }: Told): Line[] {
  const { real, fake } = formulasOf(config);
  const weights = weightsOf(config, before);
  return [mean('pull_real', `|∂L_D/∂D(x)| = ${real}`, meanOf(weights.reals)), mean('pull_fake', `|∂L_D/∂D(g)| = ${fake}`, meanOf(weights.fakes)), words('full', say().full, figure(weights.unit))];
}

const OPTIMISERS: Record<TrainConfig['optimizer'], string> = { adam: 'Adam', adamw: 'AdamW', optimistic_adam: 'OptimisticAdam', rmsprop: 'RMSprop', sgd: 'SGD' };

function updateOfD(told: Told): Line {
  const { config, images } = told;
  const rate = scheduled(config.lr, images) * config.ttur;
  const times = config.n_critic > 1 ? say().times(whole(config.n_critic)) : '';
  const clip = config.weight_clip > 0 ? say().clipped(setting(config.weight_clip)) : '';
  return words('update_d', `θ_D ← ${OPTIMISERS[config.optimizer]}(θ_D, ∇(${totalOfD(told)}${hasMore(config) ? ' + …' : ''}))${clip}${times}`, `η = ${setting(rate)}`);
}

function updateOfG({ config, images }: Told): Line[] {
  const halfLife = 1000 * scheduled(config.ema, images);
  const beta = halfLife > 0 ? 2 ** (-config.batch / halfLife) : 0;
  const average = beta > 0 ? [words('ema', 'θ̄ ← β θ̄ + (1 − β) θ_G', `β = ${setting(beta)}`)] : [];
  return [words('update_g', `θ_G ← ${OPTIMISERS[config.optimizer]}(θ_G, ∇L_G)`, `η = ${setting(scheduled(config.lr, images))}`), ...average];
}

/** How D's answer to the samples shown changes. */
function changeOfD(told: Told): Line[] {
  const { before } = told;
  const learnt = { ...before, logits: learntOf(told).logits };
  const answer = (stage: StageData, points: Float32Array) => meanOf(logitsAt(stage, points));
  const change = (name: string, symbol: string, points: Float32Array) => {
    const value = answer(learnt, points);
    return { ...line(name, say().shown(symbol), value), text: `${figure(answer(before, points))} → ${figure(value)}` };
  };
  return [change('shown_real', 'D(x)', before.reals), change('shown_fake', 'D(g)', before.fakes)];
}

function changeOfG({ before, after, dim }: Told): Line {
  // On the line y only keeps the marks apart.
  const ways = after.fakes.map((to, i) => (i % 2 < dim ? to - before.fakes[i] : 0));
  return line('moved', say().moved, meanLength(ways));
}

function meanLength(vectors: Float32Array | null): number {
  if (!vectors) return NaN;
  return meanOf(Float32Array.from({ length: vectors.length / 2 }, (_, i) => Math.hypot(vectors[2 * i], vectors[2 * i + 1])));
}
