/** How often the page asks, so that looking never outruns the engine. */

/** Does one thing at a time, again when it was wanted meanwhile, and not before a pause since the last. */
export class Cadence {
  #pause = 0;
  /** How long it took the last time, in milliseconds. */
  #last = 0;
  #act: () => Promise<void>;
  #busy = false;
  #wanted = false;
  /** Whether it was wanted at a certain time, which no pause puts off. */
  #called = false;
  #soonest = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(act: () => Promise<void>) {
    this.#act = act;
  }

  /** Tells how long it took, for the pause: it comes at most every so often and takes at most its share of the time. What took long once, as a first time does, is forgiven. */
  took(ms: number, every: number, share: number): void {
    this.#pause = pauseAfter(Math.min(ms, this.#last), every, share);
    this.#last = ms;
  }

  /** Wants it once more: after the pause, or after `wait` milliseconds. */
  want(wait?: number): void {
    this.#wanted = true;
    if (wait !== undefined) [this.#soonest, this.#called] = [performance.now() + wait, true];
    if (!this.#busy) this.#arm();
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, this.#soonest - performance.now()));
  }

  async #run(): Promise<void> {
    this.#timer = null;
    // An unseen page is not drawn; the next event asks again.
    if (document.hidden) return;
    this.#busy = true;
    [this.#wanted, this.#called] = [false, false];
    await this.#act();
    this.#busy = false;
    if (!this.#called) this.#soonest = performance.now() + this.#pause;
    if (this.#wanted) this.#arm();
  }
}

/** How long to wait so that something that took `ms` comes at most every so often and takes at most its share of the time. */
export function pauseAfter(ms: number, every: number, share: number): number {
  return Math.max(every, ms / share - ms);
}
