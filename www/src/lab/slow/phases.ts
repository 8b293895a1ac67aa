/** In which phases a training step is told. */
import type { TrainConfig } from '../../generated/types';

export type Phase = 'sample' | 'answer' | 'critic-gradient' | 'critic-update' | 'generator-gradient' | 'generator-update' | 'both-update';

type Rules = Pick<TrainConfig, 'learn' | 'play'>;

/** Whether D and G move at the same moment, so that neither answers the other within the step. */
export function movesTogether({ learn, play }: Rules): boolean {
  return learn === 'both' && play !== 'alternating';
}

/** Whether there is a moment within the step at which D has moved and G has not. */
export function hasHalf({ learn, play }: Rules): boolean {
  return learn === 'both' && play === 'alternating';
}

/** A player that stands still has no phases. */
export function phasesOf(rules: Rules): Phase[] {
  const { learn } = rules;
  if (movesTogether(rules)) return ['sample', 'answer', 'critic-gradient', 'generator-gradient', 'both-update'];
  const ofD: Phase[] = learn === 'generator' ? [] : ['critic-gradient', 'critic-update'];
  const ofG: Phase[] = learn === 'critic' ? [] : ['generator-gradient', 'generator-update'];
  return ['sample', 'answer', ...ofD, ...ofG];
}
