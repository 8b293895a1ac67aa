/** The gallery as a lesson: each failure by itself, and then beside its remedy. */
import type { Exhibit } from '../generated/types';

export interface LessonStep {
  exhibit: Exhibit;
  /** Whether its remedy is tried beside it. */
  beside: boolean;
}

export async function exhibits(): Promise<Exhibit[]> {
  return (await import('../generated/gallery.json')).default as unknown as Exhibit[];
}

/** Counted from 1. */
export function numberOf({ exhibit, beside }: LessonStep, all: Exhibit[]): number {
  return 2 * all.findIndex(({ ailment }) => ailment === exhibit.ailment) + (beside ? 2 : 1);
}

/** What follows a step; after the last, and at the beginning, the first. */
export function stepAfter(last: LessonStep | null, all: Exhibit[]): LessonStep {
  if (last && !last.beside) return { exhibit: last.exhibit, beside: true };
  const next = last ? all.findIndex(({ ailment }) => ailment === last.exhibit.ailment) + 1 : 0;
  return { exhibit: all[next % all.length], beside: false };
}
