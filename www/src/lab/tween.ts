/**
 * Motion between two looks. A look comes some twenty times a second, always with the same latents, so each fake glides from where it was seen to where it
 * is seen now, at the screen's own rate.
 */

/** A pause between looks longer than this is no motion; the points jump. */
const LONGEST_MS = 250;

export class Tween {
  #from: Float32Array = new Float32Array();
  #to: Float32Array = new Float32Array();
  #begin = 0;
  #span = 0;

  /** Aims at new points; `glide` is false where they do not follow from the last ones. */
  aim(points: Float32Array, now: number, glide: boolean): void {
    const since = now - this.#begin;
    const follows = glide && points.length === this.#to.length && since < LONGEST_MS;
    this.#from = follows ? this.at(now) : points;
    this.#to = points;
    this.#begin = now;
    this.#span = follows ? since : 0;
  }

  /** Where the points are. */
  at(now: number): Float32Array {
    const share = this.#span > 0 ? (now - this.#begin) / this.#span : 1;
    if (share >= 1) return this.#to;
    return this.#to.map((to, i) => this.#from[i] + (to - this.#from[i]) * share);
  }

  /** Whether they still move. */
  moving(now: number): boolean {
    return now - this.#begin < this.#span;
  }
}
