/**
 * Who trains, and how fast: one run by the engine's own play, or by single commands at a given pace; or two in lock-step, A and its rival B, which began as its copy.
 *
 * Lock-step is exact: both take the same number of steps with each command, from the same seed and so on the same noise.
 */
import type { Finding, Learners, TrainConfig } from '../generated/types';
import { spawnWorker } from '../engine/parts';
import { differences, withValue } from '../settings/paths';
import { language } from '../words/language.svelte';
import { reasonOf } from '../words/reason';
import { Driver } from './driver';
import { Lab } from './lab.svelte';
import type { LessonStep } from './lesson';
import { Narrator } from './slow/narrator.svelte';

/** Fetched when the first exhibit is wanted. */
const lesson = () => import('./lesson');
/** The method of all exhibits. */
const GALLERY_METHOD = 'r3gan';
/** The part of a run that diverged which is taken to have been well. */
const STILL_WELL = 0.7;
/** Speeds below the fastest, in steps a second. */
export const SPEEDS = [1, 5, 20, 100, 400];
/** At which a failure can be watched, and the doctor looks as often as its rules were made for. */
const EXHIBIT_SPEED = 400;

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
  /** Tells single steps in phases. */
  readonly slow = new Narrator(this);
  /** The step of the gallery's lesson that was shown last. */
  #shown: LessonStep | null = null;
  #driver = new Driver((steps) => this.#step(steps));

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
    this.lab.rival = this.rival;
  }

  async reseed(seed: number): Promise<void> {
    this.lab.draft = withValue(this.lab.draft, 'seed', seed);
    await this.reset();
  }

  // -- addresses --------------------------------------------------------------------------------------------------------------------------

  /** Starts with what an address tells of. */
  async start(address: string): Promise<void> {
    const link = await this.lab.start(address);
    await this.#alone(() => this.#meet(link?.rival ?? []));
  }

  /** Goes to what an address tells of; that of a room alone leaves the stage as it is. */
  async open(address: string): Promise<void> {
    if (!this.lab.linked(address)) return;
    await this.settle('a');
    const link = await this.lab.visit(address);
    await this.#alone(() => this.#meet(link?.rival ?? []));
  }

  /** A rival that differs by these changes, as a link tells them. */
  async #meet(changes: string[]): Promise<void> {
    const config = changes.length > 0 ? await this.lab.changed(changes) : null;
    if (config) await this.#challengeAnew(config);
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

  /** The milliseconds that the slower engine took; null where one could not. */
  async #step(steps: number, learn?: Learners): Promise<number | null> {
    const answers = await Promise.all(this.#runs.map((run) => run.send({ type: 'step', steps, ...(learn ? { learn } : {}) })));
    return answers.every(({ event }) => event.type === 'progress') ? Math.max(...answers.map(({ ms = 0 }) => ms)) : null;
  }

  // -- the rival --------------------------------------------------------------------------------------------------------------------------

  /** Makes run B as a copy of A at the moment that is looked at, from which A goes on too. */
  challenge(): Promise<void> {
    return this.#alone(() => this.#challenge());
  }

  /** Tries a remedy beside the run: from here, or from image 0 where what is lost does not come back. */
  treat({ remedy, anew }: Finding): Promise<void> {
    return this.#alone(async () => {
      if (this.rival) return;
      await this.pause();
      // A run that diverged has nothing to be saved: it goes on from before, and the last moments are no good either.
      if (this.lab.error?.code === 'diverged') this.visit(STILL_WELL * this.lab.step);
      if (anew) return this.#challengeAnew(remedy);
      await this.#challenge();
      await (this.rival as Lab | null)?.send({ type: 'tune', config: remedy });
    });
  }

  /** Whether another run is on its way to the stage. */
  get busy(): boolean {
    return this.lab.status === 'starting' || this.opening;
  }

  /** Puts an exhibit on the stage and plays it, alone or beside its remedy. */
  exhibit(step: LessonStep): Promise<void> {
    const { data, settings, remedy } = step.exhibit;
    return this.#alone(async () => {
      await this.settle('a');
      await this.pause();
      if (!(await this.lab.choose(GALLERY_METHOD, data, [], settings))) return;
      if (step.beside) await this.#meet(remedy);
      await this.setSpeed(EXHIBIT_SPEED);
      this.#shown = step;
      await this.#announce(step);
      void this.play();
    });
  }

  /** The next step of the gallery's lesson. */
  async nextOfLesson(): Promise<void> {
    if (this.busy) return;
    const part = await lesson().catch((error: unknown) => void (this.lab.saying = () => language.words.page.partMissing(reasonOf(error))));
    if (part) await this.exhibit(part.stepAfter(this.#shown));
  }

  async #announce(step: LessonStep): Promise<void> {
    const { LENGTH, numberOf, stepAfter } = await lesson();
    const next = stepAfter(step);
    this.lab.saying = () => {
      if (step.beside && !this.rival) return '';
      const { ailments, lesson: words } = language.words.doctor;
      const title = ({ exhibit }: LessonStep) => ailments[exhibit.ailment].title;
      return words.shown(numberOf(step), LENGTH, title(step), step.beside) + words.next(title(next), next.beside);
    };
  }

  async #challenge(): Promise<void> {
    if (this.rival) return;
    await this.pause();
    await this.lab.branch();
    const { buffers } = await this.lab.send({ type: 'save' });
    const saved = buffers[0];
    if (saved instanceof Uint8Array) this.rival = await this.lab.copy(new Lab(spawnWorker, this.lab.viewer.sight), saved);
    this.lab.rival = this.lab.step === 0 ? this.rival : null;
  }

  /** Both from image 0, B with other settings. */
  async #challengeAnew(config: TrainConfig): Promise<void> {
    await this.#challenge();
    if (!this.rival) return;
    this.rival.draft = config;
    await this.reset();
  }

  /** One thing at a time: what is asked for meanwhile is not done. */
  async #alone(act: () => Promise<void>): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    try {
      await act();
    } finally {
      this.opening = false;
    }
  }

  /** Puts a saved run on the stage, alone; where the file is refused all stays as it was. */
  async load(name: string, bytes: Uint8Array): Promise<void> {
    const { event } = await this.lab.send({ type: 'load', name }, bytes);
    if (event.type === 'started') await this.settle('a');
  }

  /** Ends the comparison, and keeps B in A's place where that is asked for. */
  async settle(keep: 'a' | 'b'): Promise<void> {
    const { rival } = this;
    if (!rival) return;
    await this.pause();
    const { buffers } = await rival.send({ type: 'save' });
    if (this.rival !== rival) return;
    [this.rival, this.lab.rival] = [null, null];
    if (keep === 'b' && buffers[0] instanceof Uint8Array) await rival.copy(this.lab, buffers[0]);
    rival.end();
  }
}
