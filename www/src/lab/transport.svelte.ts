/**
 * Who trains, and how fast: one run by the engine's own play, or by single commands at a given pace; or two in lock-step, A and its rival B, which began as its copy.
 *
 * Lock-step is exact: both take the same number of steps with each command, from the same seed and so on the same noise.
 */
import type { Learners } from '../generated/types';
import { spawnWorker } from '../engine/parts';
import { differences, withValue } from '../settings/paths';
import { Driver } from './driver';
import { Lab } from './lab.svelte';

/** Speeds below the fastest, in steps a second. */
export const SPEEDS = [1, 5, 20, 100];

export class Transport {
  readonly lab: Lab;
  /** Run B. */
  rival = $state.raw<Lab | null>(null);
  /** Whether it is being made. */
  opening = $state(false);
  /** Steps a second; null is as fast as it goes. */
  speed = $state<number | null>(null);
  /** In which settings the two differ. */
  chips = $derived.by(() => (this.rival ? differences(this.lab.config, this.rival.config) : []));
  #driver = new Driver((steps) => this.#drive(steps));

  constructor(lab: Lab) {
    this.lab = lab;
  }

  get playing(): boolean {
    return this.lab.playing;
  }

  /** A, and B where there is one. */
  get #runs(): Lab[] {
    return this.rival ? [this.lab, this.rival] : [this.lab];
  }

  async toggle(): Promise<void> {
    if (this.playing) await this.pause();
    else await this.play();
  }

  /** Trains from now on, also where the past was looked at. */
  async play(): Promise<void> {
    this.visit(null);
    if (this.speed === null && !this.rival) {
      await this.lab.send({ type: 'play' });
      return;
    }
    for (const run of this.#runs) run.drive(true);
    await this.#driver.start();
    for (const run of this.#runs) run.drive(false);
  }

  async pause(): Promise<void> {
    if (this.#driver.running) await this.#driver.stop();
    else await this.lab.send({ type: 'pause' });
  }

  /** One step; `learn` may say who learns in it. */
  async stepOnce(learn?: Learners): Promise<void> {
    this.visit(null);
    await this.#step(1, learn);
  }

  /** Looks at a moment, or at now. */
  visit(step: number | null): void {
    for (const { viewer } of this.#runs) viewer.visit(step);
  }

  /** New runs of the forms' settings, with one seed. */
  async reset(): Promise<void> {
    await this.pause();
    if (this.rival) this.rival.draft = withValue(this.rival.draft, 'seed', this.lab.draft.seed);
    await Promise.all(this.#runs.map((run) => run.reset()));
  }

  async reseed(seed: number): Promise<void> {
    this.lab.draft = withValue(this.lab.draft, 'seed', seed);
    await this.reset();
  }

  // -- speed ------------------------------------------------------------------------------------------------------------------------------

  async setSpeed(speed: number | null): Promise<void> {
    const { playing } = this;
    if (playing) await this.pause();
    [this.speed, this.#driver.rate] = [speed, speed];
    if (playing) void this.play();
  }

  slower(): Promise<void> {
    return this.setSpeed(SPEEDS.findLast((speed) => speed < (this.speed ?? Infinity)) ?? this.speed);
  }

  faster(): Promise<void> {
    return this.setSpeed(SPEEDS.find((speed) => this.speed !== null && speed > this.speed) ?? null);
  }

  async #drive(steps: number): Promise<boolean> {
    return this.#step(steps);
  }

  async #step(steps: number, learn?: Learners): Promise<boolean> {
    const answers = await Promise.all(this.#runs.map((run) => run.send({ type: 'step', steps, ...(learn ? { learn } : {}) })));
    return answers.every(({ event }) => event.type === 'progress');
  }

  // -- the rival --------------------------------------------------------------------------------------------------------------------------

  /** Makes run B as a copy of A at the moment that is looked at, from which A goes on too. */
  async challenge(): Promise<Lab | null> {
    if (this.opening || this.rival) return this.rival;
    this.opening = true;
    await this.pause();
    await this.lab.branch();
    const { buffers } = await this.lab.send({ type: 'save' });
    const saved = buffers[0];
    if (saved instanceof Uint8Array) this.rival = await this.lab.copy(new Lab(spawnWorker, this.lab.viewer.sight), saved);
    this.opening = false;
    return this.rival;
  }

  /** Ends the comparison, and keeps B in A's place where that is asked for. */
  async settle(keep: 'a' | 'b'): Promise<void> {
    const { rival } = this;
    if (!rival) return;
    await this.pause();
    const { buffers } = await rival.send({ type: 'save' });
    this.rival = null;
    if (keep === 'b' && buffers[0] instanceof Uint8Array) await rival.copy(this.lab, buffers[0]);
    rival.end();
  }
}
