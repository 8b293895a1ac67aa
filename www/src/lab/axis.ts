/** What all charts over the steps share. */
import type { Lab } from './lab.svelte';

export interface Axis {
  logarithmic: boolean;
  smoothing: number;
}

/** The props of such a chart. */
export interface OverSteps {
  lab: Lab;
  /** Run B, drawn dotted. */
  rival: Lab | null;
  axis: Axis;
  /** Goes to the moment of a step. */
  visit: (step: number) => void;
}
