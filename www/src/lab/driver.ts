/** Trains by single commands instead of by the engine's own play: at a given pace, or several runs in lock-step. */

/** The shortest time between two commands, so that the page is drawn in between. */
const SHORTEST_MS = 16;
/** Steps that one command takes at full speed: as many as this time holds. */
const BUDGET_MS = 30;
const MOST_STEPS = 512;

export class Driver {
  /** Steps a second; null is as fast as it goes. */
  rate: number | null = null;
  #step: (steps: number) => Promise<number | null>;
  #run: Promise<void> | null = null;
  #wanted = false;
  /** Ends a wait. */
  #wake: () => void = () => {};

  /** `step` trains so many steps and says how many milliseconds the engine took, without what it had to do before; null where it could not. */
  constructor(step: (steps: number) => Promise<number | null>) {
    this.#step = step;
  }

  get running(): boolean {
    return this.#run !== null;
  }

  /** Resolves when it has stopped. */
  start(): Promise<void> {
    this.#wanted = true;
    this.#run ??= this.#go();
    return this.#run;
  }

  /** Resolves when the last step is done. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#wake();
    await this.#run;
  }

  async #go(): Promise<void> {
    let msPerStep = BUDGET_MS;
    while (this.#wanted) {
      const begin = performance.now();
      const steps = this.#stepsNow(msPerStep);
      const ms = await this.#step(steps);
      if (ms === null) break;
      msPerStep = Math.max(ms, 0.01) / steps;
      await this.#wait((this.rate ? (1000 * steps) / this.rate : 0) - (performance.now() - begin));
    }
    this.#wanted = false;
    this.#run = null;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(ms, 0));
      this.#wake = () => (clearTimeout(timer), resolve());
    });
  }

  #stepsNow(msPerStep: number): number {
    const most = this.rate ? Math.round((this.rate * SHORTEST_MS) / 1000) : Math.floor(BUDGET_MS / msPerStep);
    return Math.min(Math.max(most, 1), MOST_STEPS);
  }
}
