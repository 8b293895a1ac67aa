/** The gallery as a lesson: each failure by itself, and then beside its remedy. */
import galleryJson from '../generated/gallery.json';
import type { Exhibit } from '../generated/types';

/** In the order of the lesson. */
export const EXHIBITS = galleryJson as unknown as Exhibit[];
/** Steps of the lesson. */
export const LENGTH = 2 * EXHIBITS.length;

/** What the stage shows at a time. */
export interface LessonStep {
  exhibit: Exhibit;
  /** Whether its remedy is tried beside it. */
  beside: boolean;
}

/** Counted from 1. */
export function numberOf({ exhibit, beside }: LessonStep): number {
  return 2 * placeOf(exhibit) + (beside ? 2 : 1);
}

/** What follows a step; after the last, and at the beginning, the first. */
export function stepAfter(last: LessonStep | null): LessonStep {
  if (last && !last.beside) return { exhibit: last.exhibit, beside: true };
  const next = last ? placeOf(last.exhibit) + 1 : 0;
  return { exhibit: EXHIBITS[next % EXHIBITS.length], beside: false };
}

function placeOf({ ailment }: Exhibit): number {
  return EXHIBITS.findIndex((each) => each.ailment === ailment);
}
