/** How hard each sample pulls on D: |∂L_D/∂D| at it, by the objective. The derivatives are those of `src/kernel/loss.rs`, without the 1/n of the mean. */
import type { Objective, TrainConfig } from '../../generated/types';
import { type StageData, logitAt, sigmoid } from '../stage';

export interface Weights {
  reals: Float32Array;
  fakes: Float32Array;
  /** The weight that is drawn at full size; 0 where nothing pulls. */
  unit: number;
}

/** D's logits at points; NaN outside the view, where D was not looked at. */
export function logitsAt(stage: StageData, points: Float32Array): Float32Array {
  return Float32Array.from({ length: points.length / 2 }, (_, i) => logitAt(stage, points[2 * i], points[2 * i + 1]) ?? NaN);
}

/** Of the numbers that there are; NaN without any. */
export function meanOf(numbers: Float32Array): number {
  const known = numbers.filter(Number.isFinite);
  return known.reduce((sum, each) => sum + each, 0) / known.length;
}

type Slopes = [reals: Float32Array, fakes: Float32Array];

/** ∂L_D/∂D at each sample; `label` is the target on reals. */
export function slopesOf(objective: Objective, label: number, reals: Float32Array, fakes: Float32Array): Slopes {
  const each = (real: (t: number) => number, fake: (t: number) => number): Slopes => [reals.map(real), fakes.map(fake)];
  switch (objective) {
    case 'minimax':
    case 'non_saturating':
      return each((t) => sigmoid(t) - label, sigmoid);
    case 'lsgan':
      return each((t) => t - label, (t) => t);
    case 'wgan':
      return each((t) => pull(t, -1), (t) => pull(t, 1));
    case 'hinge':
      return each((t) => (t >= 1 ? 0 : pull(t, -1)), (t) => (t <= -1 ? 0 : pull(t, 1)));
    case 'kl_fgan':
      return each((t) => pull(t, -1), (t) => Math.exp(t - 1));
    case 'rpgan':
      return paired(reals, fakes);
    case 'ragan':
      return againstMeans(reals, fakes);
  }
}

/** A pull that does not depend on D; what was not seen stays unknown. */
function pull(t: number, slope: number): number {
  return Number.isNaN(t) ? NaN : slope;
}

/** sp(D(g) − D(x)), over all pairs of the samples seen. */
function paired(reals: Float32Array, fakes: Float32Array): Slopes {
  const mean = (others: Float32Array, above: (other: number) => number) => others.reduce((sum, other) => sum + sigmoid(above(other)), 0) / others.length;
  const [knownReals, knownFakes] = [reals.filter(Number.isFinite), fakes.filter(Number.isFinite)];
  return [reals.map((real) => -mean(knownFakes, (fake) => fake - real)), fakes.map((fake) => mean(knownReals, (real) => fake - real))];
}

/** Each sample also moves the mean that the other side is judged against. */
function againstMeans(reals: Float32Array, fakes: Float32Array): Slopes {
  const [real, fake] = [meanOf(reals), meanOf(fakes)];
  const low = reals.map((t) => sigmoid(fake - t));
  const high = fakes.map((t) => sigmoid(t - real));
  const [throughReals, throughFakes] = [meanOf(low), meanOf(high)];
  return [low.map((t) => -t - throughFakes), high.map((t) => t + throughReals)];
}

/** The weights of the samples on a stage; 0 where D was not looked at. */
export function weightsOf({ objective, real_label: label, conditioning }: TrainConfig, stage: StageData): Weights {
  const part = conditioning === 'semi_supervised' ? 0.5 : 1;
  const size = (slope: number) => (Number.isFinite(slope) ? part * Math.abs(slope) : 0);
  const [reals, fakes] = slopesOf(objective, label, logitsAt(stage, stage.reals), logitsAt(stage, stage.fakes)).map((slopes) => slopes.map(size));
  return { reals, fakes, unit: Math.max(fullOf(reals), fullOf(fakes)) };
}

/** What nine of ten do not exceed. */
function fullOf(weights: Float32Array): number {
  return weights.toSorted()[Math.floor(0.9 * (weights.length - 1))] ?? 0;
}
