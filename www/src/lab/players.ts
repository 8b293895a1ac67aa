/** What the players' figures say. */

/**
 * Between which accuracies a D lies that cannot tell the two apart: ½ ± 2 standard deviations of a batch. With a neutral logit two shares of `batch` samples each are
 * averaged, at most 1/8n in variance; by pairs it is one share, 1/4n.
 */
export function guessing(batch: number, hasNeutral: boolean): [number, number] {
  const two = 2 * Math.sqrt(1 / ((hasNeutral ? 8 : 4) * batch));
  return [0.5 - two, 0.5 + two];
}
