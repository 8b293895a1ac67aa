/** The evidence: curves, coverage, scores. */
import { numbers } from './numbers';

const { whole, percent } = numbers;

export const evidence = {
  logarithmic: 'Log steps',
  smoothing: 'Smoothing',
  steps: 'steps',
  step: 'Step',
  ofB: (title: string) => `${title} of B`,
  losses: {
    title: 'Losses',
    warning: 'GAN losses do not measure quality; the curve of quality does.',
    none: 'No losses yet.',
    text: (steps: number, d: string, g: string) => `Losses over ${steps} steps; now D ${d}, G ${g}.`,
    gap: (least: string) => ` The best D would have ${least}.`,
    leastOfD: 'Best D',
    least: 'The least loss D could have:',
    againstG: 'against this G',
  },
  players: {
    title: 'Players',
    which: 'Which of their figures',
    titles: { accuracy: "D's accuracy", norms: 'Norms of the gradients' },
    text: (title: string, steps: number, now: string[] | null) => `${title} over ${steps} steps; now ${now ? now.join(', ') : 'not measured'}.`,
    helpAccuracy: 'How many of the batch D puts on the right side of its neutral logit. Grey: where a D lies that can only guess.',
    helpPairs: 'In how many pairs of the batch D ranks the real above the fake. Grey: where a D lies that can only guess.',
    helpNorms: '‖∂L/∂θ‖ over all weights of a player, D in ink, G dashed. Much smaller for one of them: it has nothing left to learn from.',
  },
  quality: {
    title: 'Quality',
    which: 'Which quality',
    text: (title: string, steps: number, now: string | null, band: [string, string] | null) =>
      `${title} over ${steps} steps; now ${now ?? 'not measured'}${band ? `, the data themselves ${band[0]} to ${band[1]}` : ''}.`,
    band: 'Grey: what two real samples of this size score; within it nothing can be told from the data.',
    help: (help: string) => `${help}.`,
    estimate: "D's estimate",
    estimateNow: (now: string) => ` D estimates ${now}.`,
    estimateHelp:
      "In ink D's estimate E D(x) − E D(g), in data units: of the best D it is W1 times D's steepest slope, so nearly W1 under a heavy penalty that pulls the slope to 1 (WGAN-GP), more under a light one, any multiple under clipped weights.",
  },
  coverage: {
    title: (run: string | undefined) => `Coverage${run ? ` of ${run}` : ''}`,
    modes: 'Modes',
    accuracy: "D's accuracy",
    none: 'Not measured yet.',
    text: (modes: number, pairs: [number, number][]) =>
      `Share of the fakes on each of ${modes} modes, and of the data: ${pairs.map(([mass, truth]) => `${percent(mass)} of ${percent(truth)}`).join(', ')}.`,
    help: "Share of the fakes on each mode; the line is the data's share. HQ: within 3σ of a mode; a perfect sampler scores 98.89\u00a0% in the plane. rKL: from the fakes over the modes to the data's shares, in nats.",
    mode: 'Mode',
    fakes: 'Fakes',
    data: 'Data',
  },
  distance: {
    title: 'Distance to the data',
    measure: 'Measure all',
    measuring: 'Measuring …',
    twoSamples: (low: string, high: string) => `two real samples: ${low} to ${high}`,
    caption: (step: number) => `At step ${whole(step)}. The right column is what two samples of the data score against each other.`,
    score: 'Score',
    fakes: 'Fakes',
    data: 'Data',
    range: (low: string, high: string) => `${low} to ${high}`,
  },
  /** What can be followed over time, each with what it is. */
  scores: {
    modes: { title: 'Modes covered', help: 'modes on which fakes lie; grey: all of them' },
    hq: { title: 'HQ', help: 'share of the fakes within 3σ of a mode' },
    reverse_kl_modes: { title: 'rKL over the modes', help: "from the fakes' shares of the modes to the data's, in nats" },
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
  },
};
