/** What is looked at: which part of the plane, which layers, now or at a moment of the past. Looking never moves the run. */
import { untrack } from 'svelte';
import type { Command, Extra, Scene, View } from '../generated/types';
import type { Reply } from '../engine/messages';
import type { Saying } from '../words/language.svelte';
import { moved, sameView, zoomed } from './camera';
import { Cadence } from './cadence';
import type { Layers } from './draw';
import { type Ground, bestLogits } from './ground';
import { type Moment, Moments } from './moments';
import { type Optimum, type StageData, momentOf, neutralLogit, optimumOf, outside, stageOf } from './stage';

/** Samples of each kind on the stage, and D's cells along each axis. */
const SAMPLES = 1000;
const GRID = 128;
/** Looking may come this often, and take this share of the worker's time. */
const LOOK_EVERY_MS = 50;
const LOOK_SHARE = 0.2;
/** The same for the best critic, which costs more; a smaller share where only its loss is shown. */
const OPTIMUM_EVERY_MS = 250;
const OPTIMUM_SHARE = 0.25;
const LOSS_SHARE = 0.05;
/** Of the time of a worker that does nothing else. */
const ASIDE_SHARE = 0.5;

/** The run that is looked at. */
export interface Run {
  readonly scene: Scene | null;
  /** Steps done. */
  readonly step: number;
  /** Whether there is one. */
  readonly ready: boolean;
  /** The logit at which D is undecided, by its objective; null where it has none. */
  readonly ownNeutral: number | null;
  /** Answers a command that only looks, at the run or at a checkpoint. */
  look(command: Command, checkpoint?: Uint8Array): Promise<Reply>;
}

/** Who hears of what was seen of the run as it is now. */
export interface Listener {
  /** The stage is new. */
  seen(): void;
  best(optimum: Optimum): void;
}

/** How runs are looked at: what is shown, and which part of the plane. */
export class Sight {
  /** Whether anybody looks; a run that is not watched trains on unseen. */
  watched = $state(true);
  layers = $state<Layers>({ reals: true, fakes: true, ground: true, lines: true, modes: false, forces: false, mesh: false, best: false });
  ground = $state<Ground>('critic');
  /** Whether the least loss of D is drawn beside D's. */
  theory = $state(true);
  /** Whether the data's modes can be dragged about. */
  moving = $state(false);
  /** Another part of the plane than the data's own. */
  view = $state.raw<View | null>(null);
  #home: View | null = null;

  /** Hears of a run's data: another plane is seen from its own view, and what is the same one, as a rival's is, from where one stood. */
  meet(home: View | null): void {
    if (!home || !this.#home || !sameView(home, this.#home)) this.view = null;
    this.#home = home;
  }
}

/** What stands on the stage in place of the last look, while something is told: the run may be looked at meanwhile as ever. */
export interface Held {
  stage: StageData;
  layers: Layers;
  ground: Ground;
  /** The stage in a sentence. */
  words: Saying;
  /** What is held later has a larger one; films are in this order. */
  phase: number;
}

export class Viewer {
  readonly sight: Sight;
  held = $state.raw<Held | null>(null);
  #seen = $state.raw<StageData | null>(null);
  /** What stands on the stage, and how it is drawn. */
  stage = $derived.by(() => this.held?.stage ?? this.#seen);
  layers = $derived.by(() => this.held?.layers ?? this.sight.layers);
  ground = $derived.by(() => this.held?.ground ?? this.sight.ground);
  optimum = $state.raw<Optimum | null>(null);
  /** The moment of the past that is looked at; null for now. */
  moment = $state.raw<Moment | null>(null);
  /** All moments that can be looked at. */
  moments = $state.raw<readonly Moment[]>([]);

  neutral = $derived.by(() => (this.stage ? neutralLogit(this.stage, this.#run.ownNeutral) : 0));
  outside = $derived(this.stage ? outside(this.stage.fakes, this.stage.view) : 0);
  /** D* on the cells of the stage. */
  best = $derived(this.stage && this.optimum ? bestLogits(this.stage, this.optimum) : null);
  /** Whether another part of the plane is looked at than the data's own. */
  strayed = $derived.by(() => this.sight.view !== null);

  /** Whether what is looked at has modes that can be moved. */
  movable = $derived.by(() => (this.#run.scene?.modes?.length ?? 0) > 0 && !this.held && !this.moment);

  #run: Run;
  /** Counts the runs and branches: what was asked of an earlier one says nothing of this. */
  #life = 0;
  #memory = new Moments();
  #looks = new Cadence(() => this.#look(false));
  #optima = new Cadence(() => this.#look(true));
  #unsee: () => void;
  #listener: Listener;

  constructor(run: Run, sight: Sight, listener: Listener) {
    [this.#run, this.sight] = [run, sight];
    this.#listener = listener;
    // Whatever changes in the way of looking is looked at anew.
    this.#unsee = $effect.root(() => {
      $effect(() => {
        void [sight.watched, { ...sight.layers }, sight.ground, sight.theory, sight.view];
        untrack(() => sight.watched && this.refresh());
      });
    });
  }

  /** Looks no more. */
  end(): void {
    this.#unsee();
  }

  // -- the camera -------------------------------------------------------------------------------------------------------------------------

  get view(): View | null {
    return this.sight.view ?? this.#run.scene?.view ?? null;
  }

  /** About a point given as parts of the picture. */
  zoom(factor: number, x?: number, y?: number): void {
    this.#turn((view, home) => zoomed(view, home, factor, x, y));
  }

  /** By parts of the picture. */
  move(right: number, up: number): void {
    this.#turn((view, home) => moved(view, home, right, up));
  }

  /** Keeps to this view, whatever becomes of the data. */
  stay(): void {
    this.sight.view = this.view;
  }

  /** Back to the data's own view. */
  home(): void {
    this.sight.view = null;
  }

  #turn(change: (view: View, home: View) => View): void {
    const home = this.#run.scene?.view;
    if (!home || !this.view) return;
    this.sight.view = change(this.view, home);
  }

  // -- the past ---------------------------------------------------------------------------------------------------------------------------

  /** Looks at the moment nearest to a step, or at now. */
  visit(step: number | null): void {
    const moment = step === null ? null : this.#memory.nearest(step);
    if (moment === this.moment) return;
    this.moment = moment;
    this.optimum = null;
    this.refresh();
  }

  /** Forgets what came after a step, or all. */
  forget(after: number | null): void {
    this.moment = null;
    this.optimum = null;
    this.#life += 1;
    if (after === null) {
      this.#memory.clear();
      this.sight.meet(this.#run.scene?.view ?? null);
    } else this.#memory.truncate(after);
    this.moments = this.#memory.all;
  }

  /** The run goes on with other settings. While data are dragged about, what is being looked at is seen all the same. */
  retuned(dataOnly: boolean): void {
    this.moment = null;
    if (dataOnly) return;
    this.optimum = null;
    this.#life += 1;
  }

  // -- looking ----------------------------------------------------------------------------------------------------------------------------

  /** The run moved. */
  follow(): void {
    if (this.moment) return;
    this.#looks.want();
    if (this.#needsOptimum()) this.#optima.want();
  }

  /** Looks at once. */
  refresh(): void {
    if (!this.#run.ready) return;
    this.#looks.want(0);
    // Where only its loss is shown, it keeps to its share of the worker's time.
    if (this.#needsOptimum()) this.#optima.want(this.#showsOptimum() ? 0 : undefined);
  }

  #needsOptimum(): boolean {
    return this.sight.theory || this.#showsOptimum();
  }

  #showsOptimum(): boolean {
    const { layers, ground } = this.sight;
    return layers.best || (layers.ground && (ground === 'optimum' || ground === 'error'));
  }

  #extras(): Extra[] {
    const { layers, ground } = this.sight;
    const wanted: [Extra, boolean][] = [
      ['forces', layers.forces],
      ['slopes', layers.ground && ground === 'slopes'],
      ['mesh', layers.mesh],
    ];
    return wanted.filter(([, is]) => is).map(([extra]) => extra);
  }

  /** Looks once: at all that is cheap, and at the best critic where it is asked for, which comes seldom. */
  async #look(best: boolean): Promise<void> {
    const [{ view, moment }, life] = [this, this.#life];
    if (!view || !this.sight.watched || (best && !this.#needsOptimum())) return;
    const extras = this.#extras();
    if (best) extras.push('optimum');
    if (!moment && this.#memory.wants(this.#run.step)) extras.push('checkpoint');
    const reply = await this.#ask(view, extras, moment?.bytes);
    this.#wait(reply, best);
    if (life !== this.#life) return;
    const kept = momentOf(reply);
    if (kept) this.#keep(kept);
    // What was asked of another moment meanwhile is on its way.
    if (moment !== this.moment) return;
    this.#see(reply, moment === null);
    if (best && this.view && !sameView(view, this.view)) this.#optima.want();
  }

  #wait({ ms = 0, aside }: Reply, best: boolean): void {
    if (best) this.#optima.took(ms, OPTIMUM_EVERY_MS, this.#showsOptimum() ? OPTIMUM_SHARE : LOSS_SHARE);
    else this.#looks.took(ms, LOOK_EVERY_MS, aside ? ASIDE_SHARE : LOOK_SHARE);
  }

  /** Takes up what was seen of the moment that is looked at. */
  #see(reply: Reply, now: boolean): void {
    const optimum = optimumOf(reply, this.#run.ownNeutral);
    if (optimum) this.optimum = optimum;
    if (optimum && now) this.#listener.best(optimum);
    const stage = this.#run.scene && stageOf(reply, this.#run.scene);
    if (!stage) return;
    this.#seen = stage;
    if (now) this.#listener.seen();
  }

  /** Looks at a checkpoint of the run as at the run; null where that cannot be. */
  async lookAt(bytes: Uint8Array, extras: Extra[]): Promise<StageData | null> {
    const { view } = this;
    if (!view || !this.#run.scene) return null;
    return stageOf(await this.#ask(view, extras, bytes), this.#run.scene);
  }

  #ask(view: View, extras: Extra[], bytes?: Uint8Array): Promise<Reply> {
    return this.#run.look({ type: 'look', view, samples: SAMPLES, grid: GRID, extras }, bytes);
  }

  #keep(moment: Moment): void {
    this.#memory.push(moment);
    this.moments = this.#memory.all;
  }
}
