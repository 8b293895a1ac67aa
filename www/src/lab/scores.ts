/** The scores of points in words. */
import type { Score } from '../generated/types';

export const SCORE_WORDS: Record<Score, { title: string; help: string }> = {
  js: { title: 'JS', help: 'Jensen-Shannon divergence in bits, 30 cells along each axis' },
  kl: { title: 'KL(p‖q)', help: 'from the data to the fakes, in bits: high where modes are missing' },
  reverse_kl: { title: 'KL(q‖p)', help: 'from the fakes to the data, in bits: high where fakes lie where no data are' },
  tv: { title: 'TV', help: 'total variation' },
  w1: { title: 'W1', help: 'Wasserstein distance in data units, by the best assignment of 512 points' },
  sliced_w1: { title: 'Sliced W1', help: 'mean W1 along 64 directions, in data units' },
  mmd2: { title: 'MMD²', help: 'maximum mean discrepancy, unbiased: it may fall below 0' },
  precision: { title: 'Precision', help: 'share of the fakes among the reals, k = 3' },
  recall: { title: 'Recall', help: 'share of the reals among the fakes, k = 3' },
  density: { title: 'Density', help: 'how densely fakes lie among the reals, k = 5' },
  coverage: { title: 'Coverage', help: 'share of the reals with a fake near, k = 5' },
};
export const SCORES = Object.keys(SCORE_WORDS) as Score[];
