/** Which looks become frames: a film of bounded length, however long the run. */

/** Frames at which every second one is dropped; even, so that those that stay are evenly spaced with those to come. */
export const MOST_FRAMES = 240;
/** A run gives a frame this often, at most. */
export const EVERY_MS = 80;

/** What a look is ordered by; within a step by its phase, where that step is told in phases. */
interface Timed {
  stage: { step: number };
  held?: { phase: number };
}

export class Reel<Look extends Timed> {
  /** A new array whenever it changes. */
  frames: readonly Look[] = [];
  #stride = 1;
  #count = 0;
  #soonest = -Infinity;
  #newest: Look | null = null;

  /** Offers a look, at a time in milliseconds. */
  see(look: Look, now: number): void {
    this.#newest = look;
    const past = this.frames.filter((frame) => precedes(frame, look));
    // The same step again, as when a layer was switched on, takes the place of its frame. A run that was restored may have gone back: what came after did not happen.
    if (past.length < this.frames.length) this.frames = [...past, look];
    else if (now >= this.#soonest) this.#take(look, now);
  }

  /** The end: the newest look is the last frame, also where its turn had not come. */
  end(): void {
    const last = this.frames.at(-1);
    if (this.#newest && last && precedes(last, this.#newest)) this.frames = [...this.frames, this.#newest];
    this.#newest = null;
  }

  #take(look: Look, now: number): void {
    this.#soonest = now + EVERY_MS;
    if (this.#count++ % this.#stride !== 0) return;
    this.frames = [...this.frames, look];
    if (this.frames.length < MOST_FRAMES) return;
    this.frames = this.frames.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }
}

function precedes(a: Timed, b: Timed): boolean {
  const [before, after] = [a.stage.step, b.stage.step];
  return before < after || (before === after && (a.held?.phase ?? 0) < (b.held?.phase ?? 0));
}
