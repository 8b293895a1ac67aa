/** A drawing made of points: what the strokes of a brush and an eraser make of it, and the way back. No canvas and no events here. */
import type { View } from '../../generated/types';
import { History } from './history';
import { BOARD, type Point, boardFor, distanceTo, isInside, sideOf } from './plane';
import { Spray } from './spray';

/** The most that the engine takes. */
export const MOST_POINTS = 4096;
/** How far apart points leave the brush, as a share of the board's side: 250 points from edge to edge. */
const SPACING = 0.004;

export type Tool = 'brush' | 'eraser';

interface Sheet {
  readonly view: View;
  readonly points: readonly Point[];
}

/** A drawing as it stands: all that a page needs to show it. */
export interface Look extends Sheet {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Whether the brush can add nothing more. */
  readonly full: boolean;
}

/** What a stroke makes of the points on its way to a place, and when it ends. */
interface Stroke {
  to(points: readonly Point[], place: Point): readonly Point[];
  end(points: readonly Point[]): readonly Point[];
}

export class Drawing {
  #history = new History<Sheet>({ view: BOARD, points: [] });
  /** The stroke that is being made, and the points as far as it got. */
  #going: { stroke: Stroke; points: readonly Point[] } | null = null;
  #strokes = 0;
  /** The points of the run as the board last saw them. */
  #met: readonly Point[] = [];

  look(): Look {
    const { canUndo, canRedo, now } = this.#history;
    const points = this.#going?.points ?? now.points;
    return { view: now.view, points, canUndo, canRedo, full: points.length >= MOST_POINTS };
  }

  /** Begins a stroke; `size` is the tool's radius as a share of the board's side. */
  begin(tool: Tool, size: number, place: Point): void {
    this.end();
    const { view, points } = this.#history.now;
    const radius = size * sideOf(view);
    this.#strokes += 1;
    this.#going = { stroke: tool === 'brush' ? brush(view, radius, this.#strokes) : eraser(radius), points };
    this.to(place);
  }

  to(place: Point): void {
    const going = this.#going;
    if (going) going.points = going.stroke.to(going.points, place);
  }

  /** Ends the stroke; it is one step back, unless it changed nothing. */
  end(): void {
    const going = this.#going;
    if (!going) return;
    this.#going = null;
    this.#put(going.stroke.end(going.points));
  }

  undo(): void {
    this.end();
    this.#history.undo();
  }

  redo(): void {
    this.end();
    this.#history.redo();
  }

  clear(): void {
    this.end();
    this.#put([]);
  }

  /** Takes the points of the run onto the board, as a step that can be undone; points it has seen before leave a drawing that went on alone. */
  meet(points: readonly Point[]): void {
    if (same(points, this.#met)) return;
    this.#met = points;
    if (!same(points, this.#history.now.points)) this.#history.do({ view: boardFor(points), points });
  }

  /** The points for a run. */
  give(): Point[] {
    this.end();
    this.#met = this.#history.now.points;
    return [...this.#met];
  }

  #put(points: readonly Point[]): void {
    const { now } = this.#history;
    if (points.length !== now.points.length) this.#history.do({ view: now.view, points });
  }
}

/** Adds points up to the limit; what flies past the edge of the board is lost. */
function brush(view: View, radius: number, seed: number): Stroke {
  const spray = new Spray(radius, SPACING * sideOf(view), seed);
  const land = (points: readonly Point[], fallen: Point[]) =>
    fallen.length > 0 ? [...points, ...fallen.filter((point) => isInside(view, point)).slice(0, Math.max(0, MOST_POINTS - points.length))] : points;
  return {
    to: (points, place) => land(points, spray.to(place)),
    end: (points) => land(points, spray.end()),
  };
}

/** Takes away what lies under the whole of its way, not only where the pointer reported. */
function eraser(radius: number): Stroke {
  let last: Point | null = null;
  return {
    to: (points, place) => {
      const from = last ?? place;
      last = place;
      return points.filter((point) => distanceTo(point, from, place) > radius);
    },
    end: (points) => points,
  };
}

/** Whether two lists hold the same points, in the engine's 32 bits. */
function same(a: readonly Point[], b: readonly Point[]): boolean {
  return a.length === b.length && a.every(([x, y], i) => Math.fround(x) === Math.fround(b[i][0]) && Math.fround(y) === Math.fround(b[i][1]));
}
