/**
 * Slow motion: one step of the run told in phases, and then the next.
 *
 * A step is tried beside the run, from its checkpoint, and told from what that gives. The run itself moves only when the telling of a step ends, by an ordinary step, which from the same
 * checkpoint is the same: telling changes nothing.
 */
import type { Command, Extra, Failure, Learners } from '../../generated/types';
import { failureLine, failureWords, ownFailure } from '../../words/failure';
import { type Saying, language } from '../../words/language.svelte';
import { still } from '../../ui/motion';
import { sameView } from '../camera';
import type { Lab } from '../lab.svelte';
import type { StageData } from '../stage';
import { type Line, linesOf } from './lines';
import { type Phase, hasHalf, phasesOf } from './phases';
import { between, pictureOf } from './pictures';
import type { Told } from './told';
import { notesOf, sentence } from './words';

/** How long a phase stands while the telling goes on by itself, and how long something moves in it. */
export const PHASE_MS = 2500;
const MOTION_MS = 1200;

/** What the telling wants of the transport. */
export interface Trainer {
  readonly lab: Lab;
  readonly rival: Lab | null;
  readonly playing: boolean;
  pause(): Promise<void>;
  visit(step: null): void;
  stepOnce(): Promise<void>;
}

/** The checkpoints of a step. */
interface Saved {
  before: Uint8Array;
  half: Uint8Array | null;
  after: Uint8Array;
}

export class Narrator {
  open = $state(false);
  /** Whether a step is being made or looked at. */
  busy = $state(false);
  /** Whether it goes on by itself. */
  playing = $state(false);
  /** Whether what moves in this phase has come to rest. */
  settled = $state(true);
  told = $state.raw<Told | null>(null);
  place = $state(0);

  phases = $derived.by((): Phase[] => (this.told ? phasesOf(this.told.config) : []));
  phase = $derived.by((): Phase | null => this.phases[this.place] ?? null);
  lines = $derived.by((): Line[] => (this.told && this.phase ? linesOf(this.phase, this.told) : []));
  sentence = $derived.by(() => (this.told && this.phase ? sentence(this.phase, this.told.config) : ''));
  notes = $derived.by(() => (this.told && this.phase ? notesOf(this.phase, this.told) : []));

  #trainer: Trainer;
  #saved: Saved | null = null;
  /** Counts tellings: what was asked for an earlier one is not shown. */
  #life = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  #turning = false;

  constructor(trainer: Trainer) {
    this.#trainer = trainer;
  }

  get #lab(): Lab {
    return this.#trainer.lab;
  }

  /** Whether there is a run that can be told: of points, and alone. */
  get possible(): boolean {
    return this.#lab.ready && this.#lab.scene !== null && this.#trainer.rival === null;
  }

  async toggle(): Promise<void> {
    if (this.open) this.close();
    else await this.begin();
  }

  async begin(): Promise<void> {
    if (this.open || !this.possible) return;
    [this.open, this.busy] = [true, true];
    await this.#trainer.pause();
    this.#trainer.visit(null);
    await this.#tell();
  }

  /** The run stays where it is: after the last step that was told to its end. */
  close(): void {
    this.#life += 1;
    this.#rest();
    [this.open, this.busy, this.playing, this.settled] = [false, false, false, true];
    [this.told, this.#saved, this.place] = [null, null, 0];
    this.#lab.viewer.held = null;
  }

  // -- from phase to phase ----------------------------------------------------------------------------------------------------------------

  /** The next phase; after the last one the run makes the step, and the next is told. */
  async next(): Promise<void> {
    if (this.busy || !this.told) return;
    if (this.place + 1 < this.phases.length) this.go(this.place + 1);
    else await this.finish();
  }

  previous(): void {
    if (this.place > 0) this.go(this.place - 1);
  }

  go(place: number): void {
    if (this.busy || !this.told) return;
    this.place = place;
    this.#show(true);
    this.#schedule();
  }

  /** The run makes the step that is told, whatever of it was told, and the telling goes on with the next. */
  async finish(): Promise<void> {
    if (this.busy || !this.told) return;
    const life = this.#life;
    this.busy = true;
    this.#rest();
    await this.#trainer.stepOnce();
    if (life === this.#life) await this.#tell();
  }

  play(): void {
    if (still.current) return;
    this.playing = true;
    this.#schedule();
  }

  pause(): void {
    this.playing = false;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.playing && !this.busy) this.#timer = setTimeout(() => void this.next(), PHASE_MS);
  }

  // -- what happens meanwhile -------------------------------------------------------------------------------------------------------------

  /** The run, or what is looked at, may have changed by other hands: a run that trains is not told, one that went elsewhere is told from there. */
  heed(): void {
    if (!this.open || this.busy) return;
    const { lab, playing, rival } = this.#trainer;
    if (playing || rival || lab.viewer.moment || !lab.scene) this.close();
    else if (!this.#isTold()) void this.#tell();
  }

  #isTold(): boolean {
    return this.told?.before.step === this.#lab.step && this.told.config === this.#lab.config;
  }

  /** Another part of the plane is looked at. */
  async turn(): Promise<void> {
    if (this.#turning) return;
    this.#turning = true;
    // A view that is dragged is looked at as often as there is time.
    while (this.#strayed() && (await this.#lookAgain()));
    this.#turning = false;
  }

  #strayed(): boolean {
    const { view } = this.#lab.viewer;
    return !this.busy && this.told !== null && view !== null && !sameView(this.told.before.view, view);
  }

  async #lookAgain(): Promise<boolean> {
    const [saved, told, life] = [this.#saved, this.told, this.#life];
    const seen = saved && (await this.#see(saved));
    if (!told || !seen || life !== this.#life) return false;
    this.told = { ...told, ...seen };
    this.#show(false);
    return true;
  }

  // -- a step -----------------------------------------------------------------------------------------------------------------------------

  /** Tries the run's next step beside it, and tells it from the beginning. */
  async #tell(): Promise<void> {
    const life = ++this.#life;
    this.busy = true;
    this.#rest();
    const found = await this.#find();
    if (life !== this.#life) return;
    if (!found) return this.close();
    [this.told, this.#saved, this.place, this.busy] = [found.told, found.saved, 0, false];
    this.#show(true);
    this.#schedule();
    this.heed();
  }

  async #find(): Promise<{ told: Told; saved: Saved } | null> {
    const lab = this.#lab;
    const { buffers } = await lab.send({ type: 'save' });
    const { config, images, scene, device } = lab;
    const before = buffers[0];
    if (!scene || !(before instanceof Uint8Array)) return null;
    const after = await this.#try(before);
    const half = hasHalf(config) ? await this.#try(before, 'critic') : null;
    if (!after || (hasHalf(config) && !half)) return null;
    const saved = { before, half: half?.bytes ?? null, after: after.bytes };
    const seen = await this.#see(saved);
    const report = after.report;
    return seen && { saved, told: { config, dim: scene.dim, images, report, ...seen, exact: device?.kind !== 'gpu' } };
  }

  async #try(from: Uint8Array, learn?: Learners) {
    const command: Command = { type: 'try', steps: 1, ...(learn ? { learn } : {}) };
    const { event, buffers } = await this.#lab.send(command, from);
    const bytes = buffers[0];
    if (event.type === 'failed') this.#complain(event.failure);
    if (event.type !== 'tried' || !(bytes instanceof Uint8Array)) return null;
    return { bytes, report: event.history[0] };
  }

  #complain(failure: Failure): void {
    this.#lab.complain(ownFailure(failure.code, language.words.slow.failed(failureLine(failure)), failureWords(failure).hint));
  }

  async #see({ before, half, after }: Saved): Promise<Pick<Told, 'before' | 'half' | 'after'> | null> {
    const { viewer } = this.#lab;
    const look = (bytes: Uint8Array, ...extras: Extra[]): Promise<StageData | null> => viewer.lookAt(bytes, extras);
    // In turn: the worker does one thing at a time, and what was asked first stands for the same view.
    const [first, middle, last] = await Promise.all([look(before, ...(half ? [] : ['forces' as const])), half && look(half, 'forces'), look(after)]);
    return first && last && (middle || !half) ? { before: first, half: middle, after: last } : null;
  }

  // -- the stage --------------------------------------------------------------------------------------------------------------------------

  /** Puts the phase on the stage, moving where something moves. */
  #show(moving: boolean): void {
    const { told, phase, place } = this;
    if (!told || !phase) return;
    this.#rest();
    const { stage, from, layers } = pictureOf(phase, told);
    const words: Saying = () => language.words.slow.shown(told.report.step, language.words.slow.titles[phase], sentence(phase, told.config));
    const hold = (held: StageData) => (this.#lab.viewer.held = { stage: held, layers, ground: 'critic', words, phase: place + 1 });
    const settle = () => {
      hold(stage);
      this.settled = true;
      this.#lab.film.see(this.#lab);
    };
    if (!from || !moving || still.current) return settle();
    const begin = performance.now();
    this.settled = false;
    const frame = (now: number) => {
      const share = (now - begin) / MOTION_MS;
      if (share >= 1) return settle();
      hold(between(from, stage, eased(Math.max(share, 0))));
      this.#frame = requestAnimationFrame(frame);
    };
    hold(between(from, stage, 0));
    this.#frame = requestAnimationFrame(frame);
  }

  /** Nothing moves, and nothing is waited for. */
  #rest(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
  }
}

/** Begins and ends gently. */
function eased(share: number): number {
  return share * share * (3 - 2 * share);
}
