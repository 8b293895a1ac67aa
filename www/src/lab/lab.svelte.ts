/** The lab's one store: fed by the engine's events, read by the panels, which send their commands through it. */
import presetsJson from '../generated/presets.json';
import type { Command, DataKind, DeviceInfo, Failure, Finding, Measured, PointMetrics, Preset, Scene, Score, StepReport, TrainConfig } from '../generated/types';
import { Client } from '../engine/client';
import { type Device, type Status, spawnWorker } from '../engine/parts';
import type { Reply } from '../engine/messages';
import { Onlooker } from '../engine/onlooker';
import { Film } from '../film/film.svelte';
import { neutralOf } from '../settings/fields';
import { concerns, differences, namedIn, rebase, valueAt, withValue } from '../settings/paths';
import { VERSION } from '../version';
import { type Saying, language, silence } from '../words/language.svelte';
import { Cadence } from './cadence';
import { Curves, type Quality } from './curves.svelte';
import { Drawing } from './drawing/drawing';
import { type Link, PARTS, type Part, commandLine, linkTo, readLink, settingsOf } from './link';
import { sceneOf } from './scene';
import { SCORES } from './scores';
import type { Shown } from './summary';
import { Units } from './units/units.svelte';
import { Sight, Viewer } from './viewer.svelte';

/** What the page opens with. */
const FIRST = (presetsJson as unknown as Preset[])[0];
/** The methods for any points, by year; the build leaves out their settings (`lean.ts`). */
export const METHODS = (presetsJson as unknown as Omit<Preset, 'config'>[]).filter((preset) => preset.method);
/** The method that changes nothing in the defaults. */
const DEFAULT_METHOD = METHODS.find((preset) => preset.changes.length === 0)?.name ?? '';

/** What an address without more means. */
const HOME = { method: DEFAULT_METHOD, data: FIRST.config.data };

/** Measuring may come this often, and take this share of the worker's time. */
const EVALUATE_EVERY_MS = 400;
const EVALUATE_SHARE = 0.1;
/** The largest seed that a JSON number carries exactly. */
export const MAX_SEED = 2 ** 53 - 1;

export class Lab {
  status = $state<Status>('starting');
  device = $state.raw<DeviceInfo | null>(null);
  /** Whether another device is being started. */
  moving = $state(false);
  /** What is to be told of the run: a function, so that it follows the language. */
  saying = $state.raw<Saying>(silence);
  error = $state.raw<Failure | null>(null);
  /** Images of the checkpoint to go back to after a failure; null where that does not help. */
  wayBack = $state<number | null>(null);
  /** The preset that the settings started from, its config being that for the data. */
  preset = $state.raw<Preset>(FIRST);
  /** The method chosen for whatever data. */
  method = $state(DEFAULT_METHOD);
  /** That method on the run's data, as it is without any change. */
  base = $state.raw<TrainConfig>(FIRST.config);
  /** A run B that began with this one at image 0, so that a link tells of it. */
  rival = $state.raw<Lab | null>(null);
  /** Parts of the page that a link took away. */
  hidden = $state.raw<string[]>([]);
  /** The settings of the run. */
  config = $state.raw<TrainConfig>(FIRST.config);
  /** The settings as the form shows them. */
  draft = $state.raw<TrainConfig>(FIRST.config);
  playing = $state(false);
  step = $state(0);
  images = $state(0);
  stepsPerSec = $state(0);
  parameters = $state.raw<{ g: number; d: number } | null>(null);
  report = $state.raw<StepReport | null>(null);
  metrics = $state.raw<PointMetrics | null>(null);
  /** Share of real samples whose class D finds; null where it does not classify. */
  accuracy = $state<number | null>(null);
  /** What the doctor found; null before it looked. */
  findings = $state.raw<Finding[] | null>(null);
  /** All scores, and at which step they were asked for. */
  measured = $state.raw<{ step: number; scores: Measured[] } | null>(null);
  /** The step at which they were measured. */
  metricsStep = $state<number | null>(null);
  readonly curves = new Curves();
  #chosen = $state<Quality | null>(null);
  /** What is on the drawing board, which may be closed and opened again. */
  readonly drawing = new Drawing();
  readonly film = new Film();

  /** What the run's data look like; null before the first run. */
  scene = $state.raw<Scene | null>(sceneOf(FIRST.config.data));
  /** The logit at which D is undecided, by its objective; null where it has none. */
  ownNeutral = $derived(neutralOf(this.config.objective));
  /** The quality that is drawn over time; before one is chosen that which the objective is about. */
  quality: Quality = $derived(this.#chosen ?? (this.config.objective === 'wgan' ? 'w1' : 'sliced_w1'));
  /** The run's address; null until there is one that could be told. */
  link = $derived(this.parameters && this.base.data === this.config.data ? linkTo(this.#told(), HOME) : null);
  /** Settings that wait for ↺. */
  pending = $derived(differences(this.config, this.draft));

  /** The run at the moment that is looked at. */
  shown: Shown = $derived.by(() => {
    const { moment } = this.viewer;
    if (!moment) return { step: this.step, images: this.images, metrics: this.metrics, lossD: this.report?.loss_d ?? null, lossG: this.report?.loss_g ?? null, past: false };
    const { step, columns } = this.curves.losses;
    const at = this.curves.losses.at(moment.step);
    const known = step[at] === moment.step;
    return { step: moment.step, images: moment.images, metrics: null, lossD: known ? columns.loss_d[at] : null, lossG: known ? columns.loss_g[at] : null, past: true };
  });

  readonly client: Client;
  readonly viewer: Viewer;
  /** The hidden units of both networks. */
  readonly units: Units;
  #onlooker: Onlooker;
  #driven = false;
  /** Whether the run that is being loaded is this one, earlier. */
  #branching = false;
  #measures = new Cadence(() => this.#evaluate());

  /** Two runs that are compared are looked at in one way. */
  constructor(spawn = spawnWorker, sight = new Sight()) {
    this.viewer = new Viewer(this, sight, { seen: () => this.film.see(this), best: ({ step, loss }) => this.curves.bestLoss(step, loss) });
    this.units = new Units(this, this.viewer);
    this.#onlooker = new Onlooker(spawn);
    this.client = new Client(spawn, {
      reply: (reply, command, own) => this.#record(reply, command, own),
      note: (saying) => (this.saying = saying),
      status: (status) => this.#setStatus(status),
    });
  }

  /** Starts the engine on the CPU and puts the run of an address on the stage, or the default one, paused. */
  async start(address = ''): Promise<Link | null> {
    await this.client.start('cpu');
    const link = await this.visit(address);
    if (link) return link;
    const { error } = this;
    await this.reset();
    this.error ??= error;
    return null;
  }

  /** The run that an address tells of; null where it tells of none, or of this one. */
  linked(address: string): Link | null {
    return address === this.link ? null : readLink(address, HOME);
  }

  /** Makes the run that an address tells of; null where it tells of none, or of one that cannot be. */
  async visit(address: string): Promise<Link | null> {
    const link = this.linked(address);
    if (!link || !(await this.choose(link.method, link.data, [], link.settings))) return null;
    this.#heed(link);
    return link;
  }

  /** The run's settings with changes as a link tells them; null where the engine refuses them. */
  async changed(changes: string[]): Promise<TrainConfig | null> {
    const preset = await this.#preset(this.method, this.config.data, [...settingsOf(this.base, this.config), ...changes]);
    return preset && { ...preset.config, points: this.config.points };
  }

  get note(): string {
    return this.saying();
  }

  /** Whether there is a run. */
  get ready(): boolean {
    return this.parameters !== null;
  }

  /** Sends any command; what it changes is recorded here before the promise resolves. */
  send(command: Command, buffer?: Uint8Array): Promise<Reply> {
    return this.client.send(command, buffer);
  }

  /** Answers a command that only looks, at the run or at a checkpoint. While it trains an onlooker does, where there is one, so that it trains on. */
  async look(command: Command, checkpoint?: Uint8Array): Promise<Reply> {
    const aside = this.playing && this.#onlooker.ready ? await this.#lookAside(command, checkpoint) : null;
    return aside ?? this.send(command, checkpoint);
  }

  async #lookAside(command: Command, checkpoint?: Uint8Array): Promise<Reply | null> {
    const seen = checkpoint ?? (await this.send({ type: 'save' })).buffers[0];
    return seen instanceof Uint8Array ? this.#onlooker.look(command, seen) : null;
  }

  // -- what the controls do ---------------------------------------------------------------------------------------------------------------

  /** Whether it is trained by single commands from now on. */
  drive(driven: boolean): void {
    [this.#driven, this.playing] = [driven, driven];
    if (!driven) this.#measures.want(0);
  }

  /** A new run of the form's settings, paused at image 0. */
  reset(): Promise<Reply> {
    return this.send({ type: 'reset', config: this.draft });
  }

  /** A new run of a method on data; `points` are those of a person's own data. Without `settings` it keeps the seed that is set. False where the engine refused. */
  async choose(method: string, data: DataKind, points = this.draft.points, settings?: string[]): Promise<boolean> {
    const base = await this.#preset(method, data, []);
    const changed = settings ? await this.#preset(method, data, settings) : base;
    if (!base || !changed) return false;
    const own = { ...base.config, points: data === 'points' ? points : [] };
    const before = { method: this.method, preset: this.preset, base: this.base, draft: this.draft };
    [this.method, this.preset, this.base] = [method, { ...base, config: own }, own];
    this.draft = settings ? changed.config : withValue(own, 'seed', this.draft.seed);
    const { event } = await this.reset();
    if (event.type !== 'started' && settings) Object.assign(this, before);
    return event.type === 'started';
  }

  async #preset(method: string, data: DataKind, settings: string[]): Promise<Preset | null> {
    const { event } = await this.send({ type: 'preset', method, data, settings });
    return event.type === 'preset' ? event.preset : null;
  }

  /** What a link asks for beside the run. */
  #heed({ hide, version }: Link): void {
    this.hidden = hide;
    const unknown = hide.filter((part) => !(PARTS as readonly string[]).includes(part));
    if (unknown.length > 0) this.saying = () => language.words.lab.unknownParts(unknown.join(', '), PARTS.join(', '));
    if (version && version !== VERSION) this.saying = () => language.words.lab.otherVersion(version, VERSION);
  }

  hides(part: Part): boolean {
    return this.hidden.includes(part);
  }

  #told() {
    return { method: this.method, base: this.base, config: this.config, hide: this.hidden, rival: this.rival?.config ?? null };
  }

  /** The run as a line for the terminal. */
  commandLine(): string {
    return commandLine(this.#told());
  }

  /** A new run on the points of a CSV file. */
  async choosePoints(name: string, bytes: Uint8Array): Promise<void> {
    const { event } = await this.send({ type: 'read_points', name }, bytes);
    if (event.type !== 'points') return;
    await this.choose(this.method, 'points', event.points);
    const { points, dropped } = event;
    this.saying = () => language.words.lab.pointsRead(name, points.length, dropped);
  }

  /** Measures every score once; some take a second or two. */
  async measure(scores: Score[]): Promise<void> {
    await this.send({ type: 'evaluate', scores });
  }

  async chooseDevice(device: Device): Promise<void> {
    this.saying = silence;
    this.moving = true;
    await this.client.choose(device);
    this.moving = false;
  }

  /** Changes a setting: at once where it is live, otherwise at the next ↺. */
  async change(path: string, value: unknown, live: boolean): Promise<void> {
    this.draft = withValue(this.draft, path, value);
    if (this.error && concerns(path, namedIn(this.error.message) ?? path)) this.error = null;
    // Only this setting: others may be half edited.
    if (live) await this.send({ type: 'tune', config: withValue(this.config, path, valueAt(this.draft, path)) });
  }

  /** Goes on from the moment that is looked at; what came after it is dropped. */
  async branch(): Promise<void> {
    const { moment } = this.viewer;
    if (!moment) return;
    this.#branching = true;
    await this.send({ type: 'load', name: `the moment at step ${moment.step}` }, moment.bytes);
    this.#branching = false;
  }

  /** Makes another lab's run this one, as saved, with its curves. */
  async copy(other: Lab, saved: Uint8Array): Promise<Lab> {
    if (other.status === 'starting') await other.client.start(this.client.device);
    [other.method, other.preset, other.base, other.#chosen] = [this.method, this.preset, this.base, this.quality];
    await other.send({ type: 'load', name: 'the other run' }, saved);
    other.draft = this.draft;
    other.curves.take(this.curves);
    return other;
  }

  /** Ends the engine for good. */
  end(): void {
    this.viewer.end();
    this.units.end();
    this.#onlooker.end();
    this.client.end();
  }

  /** Continues the last good checkpoint. */
  rewind(): void {
    void this.client.rewind();
  }

  complain(failure: Failure): void {
    this.error = failure;
  }

  /** Draws another quality over time. */
  follow(quality: Quality): void {
    this.#chosen = quality;
    if (this.ready) this.#measures.want(0);
  }

  // -- what the engine says ---------------------------------------------------------------------------------------------------------------

  #record({ event, ms }: Reply, command: Command | null, own: boolean): void {
    if (event.type === 'opened') this.device = event.device;
    else if (event.type === 'started') this.#started(event, command, own);
    else if (event.type === 'progress') this.#progress(event);
    else if (event.type === 'evaluated') this.#evaluated(event, ms ?? 0);
    // What was only tried is told by who tried it; the run stands.
    else if (event.type === 'failed' && command?.type !== 'try') this.#failed(event.failure, own);
  }

  #started(event: Extract<Reply['event'], { type: 'started' }>, command: Command | null, own: boolean): void {
    const tuned = command?.type === 'tune';
    const goesOn = tuned || own;
    const changed = differences(this.config, event.config);
    this.draft = goesOn ? rebase(this.draft, this.config, event.config) : event.config;
    this.config = event.config;
    this.scene = event.scene;
    // A run that was loaded and is of other data stands for itself: its preset has no name.
    if (this.preset.config.data !== event.config.data) this.preset = { ...this.preset, name: '', config: event.config };
    if (this.base.data !== event.config.data) void this.#preset(this.method, event.config.data, []).then((preset) => preset && (this.base = preset.config));
    this.wayBack = null;
    this.parameters = { g: event.parameters_g, d: event.parameters_d };
    this.error = null;
    [this.step, this.images] = [event.step, event.images];
    if (!tuned) {
      this.playing = false;
      this.stepsPerSec = 0;
      [this.metrics, this.measured, this.accuracy] = [null, null, null];
      [this.metricsStep, this.findings, this.report] = [null, null, null];
    }
    // A run that was restored may have gone back a little; a new one has no past.
    if (tuned) this.viewer.retuned(changed.every((path) => path === 'moved'));
    else if (goesOn || this.#branching) {
      this.curves.truncate(event.step);
      this.viewer.forget(event.step);
    } else {
      this.curves.clear();
      this.viewer.forget(null);
      this.film.cut();
      this.saying = silence;
    }
    this.viewer.refresh();
    if (!tuned) this.#measures.want(0);
    // The same fakes are elsewhere among other data; while these are dragged about, no oftener than ever.
    else if (changed.includes('moved')) this.#measures.want();
  }

  #progress(event: Extract<Reply['event'], { type: 'progress' }>): void {
    const moved = event.step !== this.step;
    const stopped = this.playing && !event.playing;
    this.playing = event.playing || this.#driven;
    [this.step, this.images] = [event.step, event.images];
    this.stepsPerSec = event.steps_per_sec;
    if (event.history.length > 0) {
      this.curves.report(event.history);
      this.report = event.history[event.history.length - 1];
    }
    if (moved) this.viewer.follow();
    // A pause and a single step are measured at once.
    if (stopped || (moved && !this.playing)) this.#measures.want(0);
    else if (moved) this.#measures.want();
  }

  #evaluated(event: Extract<Reply['event'], { type: 'evaluated' }>, ms: number): void {
    this.#measures.took(ms, EVALUATE_EVERY_MS, EVALUATE_SHARE);
    this.curves.measure(event.step, event.metrics);
    // The first score comes with every look; the rest stays from when it was asked for.
    if (event.metrics.scores.length > 2) this.measured = { step: event.step, scores: event.metrics.scores };
    [this.metrics, this.accuracy, this.metricsStep, this.findings] = [event.metrics, event.accuracy, event.step, event.findings];
  }

  #failed(failure: Failure, own: boolean): void {
    const stopped = failure.code === 'diverged' || failure.code === 'crashed';
    if (stopped) this.playing = false;
    this.wayBack = stopped ? this.client.keptImages : null;
    // The doctor says why.
    if (failure.code === 'diverged') this.#measures.want(0);
    if (!own) this.error = failure;
  }

  #setStatus(status: Status): void {
    this.status = status;
    if (status === 'dead') this.moving = false;
  }

  // -- measuring --------------------------------------------------------------------------------------------------------------------------

  async #evaluate(): Promise<void> {
    const followed = SCORES.includes(this.quality as Score) ? [this.quality as Score] : [];
    if (this.scene) await this.send({ type: 'evaluate', scores: [...new Set<Score>(['sliced_w1', ...followed])] });
  }
}
