/** The scores of points, in the order in which they are shown; what each is stands among the words. */
import type { Score } from '../generated/types';

export const SCORES: Score[] = ['js', 'kl', 'reverse_kl', 'tv', 'w1', 'sliced_w1', 'mmd2', 'precision', 'recall', 'density', 'coverage'];
