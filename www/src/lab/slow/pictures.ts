/** What stands on the stage in each phase: only what the phase is about. */
import type { Layers } from '../draw';
import type { StageData } from '../stage';
import type { Phase } from './phases';
import { type Told, judgedOf, learntOf } from './told';
import { weightsOf } from './weights';

export interface PhasePicture {
  stage: StageData;
  /** What it comes from, where something moves. */
  from: StageData | null;
  layers: Layers;
}

const NONE: Layers = { reals: false, fakes: false, ground: false, lines: false, modes: false, forces: false, mesh: false, best: false };
const only = (...names: (keyof Layers)[]): Layers => ({ ...NONE, ...Object.fromEntries(names.map((name) => [name, true])) });

export function pictureOf(phase: Phase, told: Told): PhasePicture {
  const { config, before, after } = told;
  const still = (stage: StageData, layers: Layers): PhasePicture => ({ stage, from: null, layers });
  switch (phase) {
    case 'sample':
      return still(before, only('reals', 'fakes'));
    case 'answer':
      return still(before, only('ground', 'lines'));
    case 'critic-gradient':
      return still({ ...before, emphasis: { weights: weightsOf(config, before), from: null } }, only('ground', 'reals', 'fakes'));
    case 'critic-update':
      return { stage: { ...before, logits: learntOf(told).logits }, from: before, layers: only('ground', 'lines') };
    case 'generator-gradient':
      // A moment within the step belongs to the step before, until G has moved too.
      return still({ ...judgedOf(told), step: before.step }, only('ground', 'fakes', 'forces'));
    case 'generator-update':
      return moved(told, only('fakes', 'forces'));
    case 'both-update':
      return moved(told, only('ground', 'lines', 'fakes', 'forces'));
  }

  function moved(told: Told, layers: Layers): PhasePicture {
    const { fakes, forces } = judgedOf(told);
    const stage = { ...after, forces, emphasis: { weights: null, from: fakes } };
    return { stage, from: { ...stage, fakes, logits: phase === 'both-update' ? before.logits : after.logits }, layers };
  }
}

/** On the way from one stage to another of the same shape; at 1 it is the other itself. */
export function between(from: StageData, to: StageData, share: number): StageData {
  if (share >= 1) return to;
  const mix = (a: Float32Array, b: Float32Array) => b.map((end, i) => a[i] + (end - a[i]) * share);
  return { ...to, fakes: mix(from.fakes, to.fakes), logits: mix(from.logits, to.logits) };
}
