/** What is said in each phase, for a student; and what of the run's settings makes the telling differ from the plain game. */
import type { TrainConfig } from '../../generated/types';
import { settingWords, valueWords } from '../../settings/said';
import { language } from '../../words/language.svelte';
import { setting } from './figures';
import { hasMore } from './formulas';
import { type Phase, hasHalf, movesTogether } from './phases';
import { type Told, scheduled } from './told';

/** One or two sentences. */
export function sentence(phase: Phase, config: TrainConfig): string {
  const t = language.words.slow.sentences;
  switch (phase) {
    case 'sample':
      return t.sample(config.n_critic > 1);
    case 'answer':
      return t.answer;
    case 'critic-gradient':
      return t.criticGradient;
    case 'critic-update':
      return t.criticUpdate;
    case 'generator-gradient':
      return t.generatorGradient(hasHalf(config));
    case 'generator-update':
      return t.generatorUpdate;
    case 'both-update':
      return config.play === 'extragradient' ? t.bothAhead : t.bothUpdate;
  }
}

/** What else must be known for the picture and the numbers to be understood rightly. */
export function notesOf(phase: Phase, told: Told): string[] {
  const t = language.words.slow.notes;
  const { config, images, exact } = told;
  const [learn, learners] = [settingWords('learn').title, valueWords('Learners', config.learn).title];
  const play = valueWords('Play', config.play).title;
  const noise = scheduled(config.instance_noise, images);
  const often = config.n_critic > 1 && config.learn !== 'generator';
  const ahead = config.play === 'extragradient';
  const found: [Phase[], boolean, string][] = [
    [['sample'], config.learn === 'critic', t.criticAlone(learn, learners)],
    [['sample'], config.learn === 'generator', t.generatorAlone(learn, learners)],
    [['sample'], movesTogether(config), t.together(play)],
    [['sample'], often, t.often(config.n_critic)],
    [['sample'], noise > 0, t.noise(setting(noise))],
    [['sample'], !exact, t.inexact],
    [['answer', 'critic-gradient'], often, t.last(config.n_critic)],
    [['critic-update'], often, t.throughout(config.n_critic)],
    [['answer', 'critic-gradient', 'generator-gradient'], ahead, t.ahead(play)],
    [['answer', 'critic-gradient'], seesMore(config), t.seesMore],
    [['critic-gradient'], hasMore(config), t.hasMore],
    [['generator-gradient'], config.adversarial === 0, t.noObjective(settingWords('feature_matching').title)],
    [['sample', 'generator-update', 'both-update'], scheduled(config.ema, images) > 0, t.average],
  ];
  return found.filter(([phases, is]) => is && phases.includes(phase)).map(([, , words]) => words);
}

function seesMore({ packing, minibatch, conditioning }: TrainConfig): boolean {
  return packing > 1 || minibatch !== 'none' || conditioning === 'join' || conditioning === 'projection';
}

/** The signs that the formulas of a phase use; empty where it has none. */
export function signsOf(phase: Phase): string {
  const t = language.words.slow.signs;
  if (phase === 'critic-gradient') return t.critic;
  if (phase === 'generator-gradient') return t.generator;
  return phase === 'sample' || phase === 'answer' ? '' : t.update(settingWords('lr').title);
}
