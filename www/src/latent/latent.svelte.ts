/** The latent room's store. It has a worker of its own, so that a run in the lab goes on. */
import type { Event, Failure, Latents, Scene, TrainConfig } from '../generated/types';
import { Client } from '../engine/client';
import { type Status, spawnWorker } from '../engine/parts';
import { ownFailure } from '../words/failure';
import { type Saying, language, silence } from '../words/language.svelte';
import { reasonOf } from '../words/reason';
import { Newest } from './newest';
import { clampPage } from './paging';
import { sizeOf } from './pixels';

/** What stands beside bundled weights. */
export interface Card {
  title: string;
  command?: string;
  data?: string;
  licence?: string;
  images?: number;
  [other: string]: unknown;
}

export interface Weights {
  title: string;
  card: Card | null;
  config: TrainConfig;
  /** What their data look like; null for images. */
  scene: Scene | null;
  images: number;
  parameters: number;
  shape: number[];
}

/** Samples with the latents that they were made of. */
export interface Batch {
  samples: Float32Array;
  latents: Float32Array;
}

export const WALL = 64;
const CLOUD = 1000;
/** Seconds from A to B and back. */
const SWEEP_SECS = 6;

const BUNDLED = { card: 'weights/mnist.json', weights: 'weights/mnist.safetensors' };

export class LatentRoom {
  status = $state<Status>('starting');
  /** What is being waited for; silent when nothing is. */
  waiting = $state.raw<Saying>(silence);
  error = $state.raw<Failure | null>(null);
  weights = $state.raw<Weights | null>(null);
  /** Why the bundled weights are not there; silent if they are. */
  excuse = $state.raw<Saying>(silence);
  z = $state.raw<number[]>([]);
  /** The latent that a row's reset goes back to: what was last drawn or chosen. */
  base = $state.raw<number[]>([]);
  sample = $state.raw<Float32Array | null>(null);
  page = $state(0);
  seed = $state(1);
  wallSeed = $state(1);
  wall = $state.raw<Batch | null>(null);
  cloud = $state.raw<Float32Array | null>(null);
  a = $state.raw<number[] | null>(null);
  b = $state.raw<number[] | null>(null);
  t = $state(0);
  sweeping = $state(false);

  isImage = $derived(this.weights?.shape.length === 3);

  readonly client: Client;
  #opened = false;
  #engine: Promise<void> | null = null;
  #loading: Promise<unknown> = Promise.resolve();
  #show = new Newest<Latents>((latents) => this.#generate(latents));
  #frame = 0;

  constructor(spawn = spawnWorker) {
    this.client = new Client(spawn, {
      reply: () => undefined,
      note: () => undefined,
      status: (status) => (this.status = status),
    });
  }

  get busy(): string {
    return this.waiting();
  }

  get missing(): string {
    return this.excuse();
  }

  /** Starts the engine once, with the bundled weights where there are any and nobody has loaded others meanwhile. */
  async open(): Promise<void> {
    if (this.#opened) return;
    this.#opened = true;
    const bundled = this.#bundled();
    await this.#inTurn(async () => {
      if (!this.weights) await this.#loadBundled(await bundled);
    });
  }

  /** Goes back to the bundled weights. */
  async loadBundled(): Promise<void> {
    const found = await this.#bundled();
    await this.#inTurn(() => this.#loadBundled(found));
  }

  /** Loads exported weights; on failure what was loaded before stays. Of several, the last one asked for is the one that remains. */
  load(name: string, bytes: Uint8Array): Promise<boolean> {
    return this.#inTurn(() => this.#load(name, bytes, null));
  }

  /** Loads happen one after another, each whole: two that overlapped could leave one's title over the other's samples. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#loading.then(async () => {
      await this.#start();
      return task();
    });
    this.#loading = turn.catch(() => undefined);
    return turn;
  }

  #start(): Promise<void> {
    this.#engine ??= this.client.start('cpu');
    return this.#engine;
  }

  async #bundled(): Promise<Bundled> {
    this.waiting = () => language.words.latent.fetching;
    const found = await fetchBundled();
    this.waiting = silence;
    return found;
  }

  async #loadBundled(found: Bundled): Promise<void> {
    if ('missing' in found) this.excuse = found.missing;
    else await this.#load(BUNDLED.weights.split('/').pop() ?? '', found.bytes, found.card);
  }

  async #load(name: string, bytes: Uint8Array, card: Card | null): Promise<boolean> {
    const { event } = await this.client.send({ type: 'load_weights', name }, bytes);
    if (event.type !== 'weights') {
      this.error = failureOf(event);
      return false;
    }
    this.error = null;
    this.stopSweep();
    this.weights = { title: card?.title ?? name, card, config: event.config, scene: event.scene, images: event.images, parameters: event.parameters, shape: event.shape };
    [this.page, this.t, this.a, this.b, this.wall, this.cloud] = [0, 0, null, null, null, null];
    await this.#fill();
    return true;
  }

  async #fill(): Promise<void> {
    await this.random(1);
    this.a = this.z;
    const other = await this.#ask({ type: 'drawn', seed: 2, count: 1 });
    if (other) this.b = [...other.latents];
    if (this.isImage) return this.redrawWall(1);
    const cloud = await this.#ask({ type: 'drawn', seed: 1, count: CLOUD });
    this.cloud = cloud?.samples ?? null;
  }

  // -- what the controls do ---------------------------------------------------------------------------------------------------------------

  /** One latent drawn with a seed. */
  async random(seed: number): Promise<void> {
    this.stopSweep();
    this.seed = seed;
    const drawn = await this.#ask({ type: 'drawn', seed, count: 1 });
    if (drawn) this.#take([...drawn.latents], drawn.samples);
  }

  set(index: number, value: number): void {
    this.stopSweep();
    this.z = this.z.with(index, value);
    this.#show.ask({ type: 'given', z: this.z });
  }

  /** Makes a latent the current one. */
  choose(z: number[]): void {
    this.stopSweep();
    [this.z, this.base] = [z, z];
    this.#show.ask({ type: 'given', z });
  }

  turnPage(by: number): void {
    this.page = clampPage(this.z.length, this.page + by);
  }

  async redrawWall(seed: number): Promise<void> {
    this.wallSeed = seed;
    this.wall = await this.#ask({ type: 'drawn', seed, count: WALL });
  }

  mark(end: 'a' | 'b'): void {
    this[end] = this.z;
    this.t = end === 'a' ? 0 : 1;
  }

  /** Goes to a place on the great circle from A to B. */
  travel(t: number): void {
    if (!this.a || !this.b) return;
    this.t = t;
    this.#show.ask({ type: 'between', from: this.a, to: this.b, t });
  }

  toggleSweep(): void {
    if (this.sweeping) return this.stopSweep();
    this.sweeping = true;
    const begin = performance.now() - this.t * SWEEP_SECS * 1000 * 0.5;
    const move = (now: number) => {
      if (!this.sweeping) return;
      const turn = ((now - begin) / (SWEEP_SECS * 1000)) % 1;
      this.travel(turn < 0.5 ? 2 * turn : 2 - 2 * turn);
      this.#frame = requestAnimationFrame(move);
    };
    this.#frame = requestAnimationFrame(move);
  }

  stopSweep(): void {
    this.sweeping = false;
    cancelAnimationFrame(this.#frame);
  }

  // -- the engine -------------------------------------------------------------------------------------------------------------------------

  #take(z: number[], sample: Float32Array): void {
    [this.z, this.base, this.sample] = [z, z, sample];
  }

  async #generate(latents: Latents): Promise<void> {
    const batch = await this.#ask(latents);
    if (!batch) return;
    this.sample = batch.samples;
    if (latents.type === 'between') this.#take([...batch.latents], batch.samples);
  }

  async #ask(latents: Latents): Promise<Batch | null> {
    const { event, buffers } = await this.client.send({ type: 'generate', latents });
    const [samples, drawn] = buffers;
    if (event.type !== 'generated' || !(samples instanceof Float32Array) || !(drawn instanceof Float32Array)) {
      this.error = failureOf(event);
      return null;
    }
    if (!this.weights || samples.length !== event.count * sizeOf(this.weights.shape)) return null;
    return { samples, latents: drawn };
  }
}

function failureOf(event: Event): Failure {
  if (event.type === 'failed') return event.failure;
  return ownFailure('protocol', language.words.page.engine.answered(event.type), language.words.page.engine.reload);
}

type Bundled = { bytes: Uint8Array; card: Card } | { missing: Saying };

async function fetchBundled(): Promise<Bundled> {
  try {
    const [card, weights] = await Promise.all([fetch(BUNDLED.card), fetch(BUNDLED.weights)]);
    if (!card.ok || !weights.ok) return { missing: () => language.words.latent.missing };
    return { card: (await card.json()) as Card, bytes: new Uint8Array(await weights.arrayBuffer()) };
  } catch (error) {
    const why = reasonOf(error);
    return { missing: () => language.words.latent.notFetched(why) };
  }
}
