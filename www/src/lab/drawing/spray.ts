/**
 * A spray can: points at even distances along its path, each scattered over the disc of the nozzle.
 *
 * Distance and not time decides, so a stroke is as dense where the hand was slow or the pointer told little as where it was fast. The same path with the same
 * seed gives the same points, in however many pieces it is told.
 */
import type { Point } from './plane';

/** A stroke has at least so many points: a touch leaves a dab, not a dot. */
export const DAB = 12;
/** Moves shorter than so many spacings wait for more: the steps of a slow pointer's whole pixels, and a hand's tremble, are longer than the way they make. */
const GRAIN = 2.5;

export class Spray {
  #random: () => number;
  /** How far it was sprayed, and where the nozzle is by now. */
  #last: Point | null = null;
  #place: Point | null = null;
  /** How long the sprayed path is. */
  #length = 0;
  /** How many points have left the nozzle, the first where the path begins. */
  #count = 0;

  constructor(
    private radius: number,
    private spacing: number,
    seed: number,
  ) {
    this.#random = uniform(seed);
  }

  /** The points that fall on the way to `place`. */
  to(place: Point): Point[] {
    this.#place = place;
    const last = this.#last;
    const tooShort = last && Math.hypot(place[0] - last[0], place[1] - last[1]) < GRAIN * this.spacing;
    return tooShort ? [] : this.#walk(last ?? place, place);
  }

  /** The rest of the way, and what a short stroke still lacks where it ended. */
  end(): Point[] {
    const place = this.#place;
    if (!place) return [];
    const fallen = this.#walk(this.#last ?? place, place);
    return [...fallen, ...Array.from({ length: Math.max(0, DAB - this.#count) }, () => this.#scattered(place))];
  }

  #walk(from: Point, place: Point): Point[] {
    const way = Math.hypot(place[0] - from[0], place[1] - from[1]);
    const fallen: Point[] = [];
    for (; this.#count * this.spacing <= this.#length + way; this.#count++) {
      const part = way > 0 ? (this.#count * this.spacing - this.#length) / way : 0;
      fallen.push(this.#scattered([from[0] + part * (place[0] - from[0]), from[1] + part * (place[1] - from[1])]));
    }
    this.#length += way;
    this.#last = place;
    return fallen;
  }

  /** Even over the disc; in the 32 bits that the engine keeps, so that it gives back what it got. */
  #scattered([x, y]: Point): Point {
    const radius = this.radius * Math.sqrt(this.#random());
    const angle = 2 * Math.PI * this.#random();
    return [Math.fround(x + radius * Math.cos(angle)), Math.fround(y + radius * Math.sin(angle))];
  }
}

/** Numbers of [0, 1) from a seed (mulberry32): `Math.random` takes none. */
function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
