/** A step that is told: what it measured, and what was seen before, in the middle of and after it. */
import type { Schedule, StepReport, TrainConfig } from '../../generated/types';
import type { StageData } from '../stage';

export interface Told {
  config: TrainConfig;
  /** Numbers in a sample: 1 or 2. */
  dim: number;
  /** Images seen before it, by which its schedules stand where they do. */
  images: number;
  /** What it measures. */
  report: StepReport;
  before: StageData;
  /** D has moved, and G has not; null where there is no such moment. */
  half: StageData | null;
  after: StageData;
  /** Whether the run's own step is this one to the last bit: it is on the CPU. */
  exact: boolean;
}

/** Where G's gradient is taken. */
export function judgedOf({ before, half }: Told): StageData {
  return half ?? before;
}

/** Where D has moved. */
export function learntOf({ half, after }: Told): StageData {
  return half ?? after;
}

/** The value of a schedule after so many images: a half cosine from start to end. */
export function scheduled({ start, end, kimg }: Schedule, images: number): number {
  const seen = images / 1000;
  if (start === end || seen >= kimg) return end;
  return end + (start - end) * 0.5 * (1 + Math.cos((Math.PI * seen) / kimg));
}
