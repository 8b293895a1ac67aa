/** What is said in each phase, for a student; and what of the run's settings makes the telling differ from the plain game. */
import type { TrainConfig } from '../../generated/types';
import { setting } from './figures';
import { hasMore } from './formulas';
import { type Phase, movesTogether } from './phases';
import { type Told, scheduled } from './told';

export const TITLES: Record<Phase, string> = {
  sample: 'Sample',
  answer: "D's answer",
  'critic-gradient': "D's gradient",
  'critic-update': "D's update",
  'generator-gradient': "G's gradient",
  'generator-update': "G's update",
  'both-update': 'Both update',
};

/** One or two sentences. */
export function sentence(phase: Phase, config: TrainConfig): string {
  switch (phase) {
    case 'sample':
      return `The data give reals (●), and G makes fakes (△) of noise z. The stage shows 1,000 of each; the step draws ${config.n_critic > 1 ? 'batches' : 'a batch'} of its own.`;
    case 'answer':
      return 'D gives every place a number, its logit D(x): the higher, the more real. Blue is where it leans to real, orange where it leans to fake.';
    case 'critic-gradient':
      return 'Each real pulls D up where it lies, each fake pulls it down. The larger the mark, the harder the pull.';
    case 'critic-update':
      return "D's weights move a little against the gradient of its loss, and its answer changes everywhere at once. G stands still.";
    case 'generator-gradient':
      return `G sees the data only through D. Each arrow is −∇ₓL_G: where ${movesTogether(config) || config.learn !== 'both' ? 'D' : 'the new D'} would like that fake better, and how much.`;
    case 'generator-update':
      return "G's weights move a little, and the fakes with them. All fakes share these weights, so none goes exactly where its arrow points.";
    case 'both-update':
      return config.play === 'extragradient'
        ? 'Both move at the same moment from where they stand, by the gradients found one trial step ahead.'
        : "Both move at the same moment, each by its gradient at the old place: neither has seen the other's move.";
  }
}

/** What else must be known for the picture and the numbers to be understood rightly. */
export function notesOf(phase: Phase, told: Told): string[] {
  const { config, images, exact } = told;
  const often = config.n_critic > 1 && config.learn !== 'generator';
  const ahead = config.play === 'extragradient';
  const found: [Phase[], boolean, string][] = [
    [['sample'], config.learn === 'critic', 'G stands still in this run (Learn: D only), so the telling ends with D.'],
    [['sample'], config.learn === 'generator', 'D stands still in this run (Learn: G only), so its gradient and update are left out.'],
    [['sample'], movesTogether(config), `The play is ${config.play}: D and G move together, so both gradients come first and both updates after.`],
    [['sample'], often, `D moves ${config.n_critic} times before G does, each time on fresh samples.`],
    [['sample'], scheduled(config.instance_noise, images) > 0, `D sees all samples through noise of standard deviation ${setting(scheduled(config.instance_noise, images))}.`],
    [['sample'], !exact, 'The telling computes on the CPU: the last digits of the step on the GPU may differ.'],
    [['answer', 'critic-gradient'], often, `The numbers are those of the last of D's ${config.n_critic} updates; the picture is from before the first.`],
    [['critic-update'], often, `That happens ${config.n_critic} times in this step: the colours go from before the first to after the last.`],
    [['answer', 'critic-gradient', 'generator-gradient'], ahead, 'Extragradient: the losses are measured one trial step ahead, where the gradients of the step are found; the picture shows where both stand.'],
    [['answer', 'critic-gradient'], seesMore(config), 'This D sees more than a point (classes, or other samples); the picture shows its answer to a point alone, the mean over classes.'],
    [['critic-gradient'], hasMore(config), 'What classes, bottleneck and regularisers add to the loss of D is not part of these numbers.'],
    [['generator-gradient'], config.adversarial === 0, 'The objective has weight 0 for G here: feature matching alone moves it, and there are no arrows.'],
    [['sample', 'generator-update', 'both-update'], scheduled(config.ema, images) > 0, "The stage shows the moving average of G, θ̄, which follows G's own weights."],
  ];
  return found.filter(([phases, is]) => is && phases.includes(phase)).map(([, , words]) => words);
}

function seesMore({ packing, minibatch, conditioning }: TrainConfig): boolean {
  return packing > 1 || minibatch !== 'none' || conditioning === 'join' || conditioning === 'projection';
}

/** The signs that the formulas use, said once. */
export const SIGNS: Partial<Record<Phase, string>> = {
  'critic-gradient': 'sp(t) = log(1 + eᵗ); σ(t) = 1/(1 + e⁻ᵗ); E: mean of the batch; mean: of the samples shown',
  'generator-gradient': 'sp(t) = log(1 + eᵗ); E: mean of the batch',
  'critic-update': 'θ: weights; η: learning rate',
  'generator-update': 'θ: weights; η: learning rate',
  'both-update': 'θ: weights; η: learning rate',
};
