/** Slow motion: one step told in phases, for a student. Formulas and symbols are the same in every language. */
import type { Phase } from '../../lab/slow/phases';
import { numbers } from './numbers';

const { whole } = numbers;

const titles = {
  sample: 'Sample',
  answer: "D's answer",
  'critic-gradient': "D's gradient",
  'critic-update': "D's update",
  'generator-gradient': "G's gradient",
  'generator-update': "G's update",
  'both-update': 'Both update',
} satisfies Record<Phase, string>;

/** What is said of a setting or a value is the word for it in the settings. */
export const slow = {
  title: 'Slow motion',
  help: 'Slow motion: one step in phases (m)',
  single: 'Slow motion is for one run: end the comparison first',
  at: (step: string) => `Slow motion, step ${step}`,
  /** The stage in a sentence. */
  shown: (step: number, title: string, sentence: string) => `Slow motion, step ${step}, ${title}: ${sentence}`,
  trying: 'The next step is being tried beside the run …',
  failed: (why: string) => `The next step cannot be told: ${why}`,
  buttons: {
    close: 'Close slow motion',
    closeHelp: 'Close; the run stays where it is (Escape)',
    previous: 'Previous phase',
    previousHelp: 'Previous phase (p)',
    play: 'Play',
    hold: 'Hold',
    playHelp: 'Goes on by itself, step after step',
    still: 'Your system asks for no motion: go on by hand',
    next: 'Next phase',
    nextHelp: 'Next phase; after the last one the run makes the step (n)',
    finish: 'Next step',
    finishHelp: 'The run makes this step, and the next is told (.)',
  },
  titles,
  sentences: {
    sample: (several: boolean) => `The data give reals (●), and G makes fakes (△) of noise z. The stage shows 1,000 of each; the step draws ${several ? 'batches' : 'a batch'} of its own.`,
    answer: 'D gives every place a number, its logit D(x): the higher, the more real. Blue is where it leans to real, orange where it leans to fake.',
    criticGradient: 'Each real pulls D up where it lies, each fake pulls it down. The larger the mark, the harder the pull.',
    criticUpdate: "D's weights move a little against the gradient of its loss, and its answer changes everywhere at once. G stands still.",
    generatorGradient: (moved: boolean) => `G sees the data only through D. Each arrow is −∇ₓL_G: where ${moved ? 'the new D' : 'D'} would like that fake better, and how much.`,
    generatorUpdate: "G's weights move a little, and the fakes with them. All fakes share these weights, so none goes exactly where its arrow points.",
    bothUpdate: "Both move at the same moment, each by its gradient at the old place: neither has seen the other's move.",
    bothAhead: 'Both move at the same moment from where they stand, by the gradients found one trial step ahead.',
  },
  notes: {
    criticAlone: (learn: string, who: string) => `G stands still in this run (${learn}: ${who}), so the telling ends with D.`,
    generatorAlone: (learn: string, who: string) => `D stands still in this run (${learn}: ${who}), so its gradient and update are left out.`,
    together: (play: string) => `The play is ${play.toLowerCase()}: D and G move together, so both gradients come first and both updates after.`,
    often: (times: number) => `D moves ${times} times before G does, each time on fresh samples.`,
    noise: (deviation: string) => `D sees all samples through noise of standard deviation ${deviation}.`,
    inexact: 'The telling computes on the CPU: the last digits of the step on the GPU may differ.',
    last: (times: number) => `The numbers are those of the last of D's ${times} updates; the picture is from before the first.`,
    throughout: (times: number) => `That happens ${times} times in this step: the colours go from before the first to after the last.`,
    ahead: (play: string) => `${play}: the losses are measured one trial step ahead, where the gradients of the step are found; the picture shows where both stand.`,
    seesMore: 'This D sees more than a point (classes, or other samples); the picture shows its answer to a point alone, the mean over classes.',
    hasMore: 'What classes, bottleneck and regularisers add to the loss of D is not part of these numbers.',
    noObjective: (matching: string) => `The objective has weight 0 for G here: ${matching.toLowerCase()} alone moves it, and there are no arrows.`,
    average: "The stage shows the moving average of G, θ̄, which follows G's own weights.",
  },
  /** The signs that the formulas use, said once. */
  signs: {
    critic: 'sp(t) = log(1 + eᵗ); σ(t) = 1/(1 + e⁻ᵗ); E: mean of the batch; mean: of the samples shown',
    generator: 'sp(t) = log(1 + eᵗ); E: mean of the batch',
    update: (rate: string) => `θ: weights; η: ${rate.toLowerCase()}`,
  },
  lines: {
    /** Of the samples shown, not of the batch. */
    mean: (value: string) => `mean ${value}`,
    reals: 'x from the data',
    fakes: (dim: number, from: string) => `g = G(z), z of ${dim === 1 ? 'one number' : `${whole(dim)} numbers`} from ${from}`,
    force: '‖∇ₓL_G‖ at the fakes shown',
    full: 'pull of a mark of full size',
    times: (times: string) => `, ${times} times`,
    clipped: (limit: string) => `, clipped to ±${limit}`,
    shown: (symbol: string) => `mean ${symbol} of those shown`,
    moved: 'mean way of the fakes shown',
    classes: 'E cross-entropy of the classes',
    oneWhere: (condition: string) => `1 where ${condition}, else 0`,
  },
};
