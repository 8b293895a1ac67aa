/**
 * The one way to the engine: commands go in, every event comes out, and a worker that dies is replaced.
 *
 * The client keeps the bytes of a recent checkpoint. When the worker crashes, WebGPU is unavailable, its self-test fails or the device is lost, it
 * starts the CPU engine, continues that checkpoint, goes on playing if it played, and says so. Commands that were not answered yet are sent again.
 * A CPU engine is replaced once; if that one dies too, commands are answered with `failed` (code `crashed`) until a `reset` or `load` starts afresh.
 */
import type { Command, DeviceInfo, Event } from '../generated/types';
import { ownFailure } from '../words/failure';
import { type Saying, language } from '../words/language.svelte';
import { reasonOf } from '../words/reason';
import { Memory } from './memory';
import type { FromWorker, Package, Reply } from './messages';
import type { Device, Listener, Status, WorkerLike } from './parts';

/** How often a playing run is kept, in milliseconds. */
export const KEEP_EVERY_MS = 5000;

interface Job {
  id: number;
  command: Command;
  buffer: Uint8Array | undefined;
  own: boolean;
  posted: boolean;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

export class Client {
  #spawn: () => WorkerLike;
  #listener: Listener;
  #now: () => number;
  #worker: WorkerLike | null = null;
  #jobs: Job[] = [];
  #nextId = 1;
  #status: Status = 'starting';
  #bootFailed: ((error: Error) => void) | null = null;
  #loaded: (() => void) | null = null;
  #device: Device = 'cpu';
  #restarts = 0;
  #obituary = '';
  #memory = new Memory();
  #keeping = false;

  constructor(spawn: () => WorkerLike, listener: Listener, now: () => number = () => performance.now()) {
    this.#spawn = spawn;
    this.#listener = listener;
    this.#now = now;
  }

  /** Where the engine computes now. */
  get device(): Device {
    return this.#device;
  }

  /** Starts the engine. Commands may be sent before it is ready. */
  start(device: Device): Promise<void> {
    return this.#restart(device, '');
  }

  /** Sends a command; exactly one event answers it, `failed` included. */
  send(command: Command, buffer?: Uint8Array): Promise<Reply> {
    if (this.#status === 'dead') {
      if (command.type !== 'reset' && command.type !== 'load') return Promise.resolve(this.#refusal());
      this.#restarts = 0;
      this.#memory.forget();
      void this.#restart('cpu', '');
    }
    return this.#enqueue(command, buffer, false);
  }

  /** Moves the run to another device: it continues from exactly where it is, or, where that fails, on the CPU. */
  async choose(device: Device): Promise<void> {
    if (device === this.#device && this.#status === 'ready') return;
    // Terminating at the answer to `save` loses nothing: what the old worker trained after it was never seen, and is trained again.
    if (this.#status === 'ready' && this.#memory.config && !this.#memory.diverged) await this.#enqueue({ type: 'save' }, undefined, true).catch(() => null);
    this.#restarts = 0;
    await this.#restart(device, '');
  }

  /** The images that the kept checkpoint has seen; null without one. */
  get keptImages(): number | null {
    return this.#memory.kept?.images ?? null;
  }

  /** Goes back to the kept checkpoint, also after the engine stopped. */
  rewind(): Promise<Reply> | null {
    return this.#memory.kept && this.send({ type: 'load', name: 'the kept checkpoint' }, this.#memory.kept.bytes);
  }

  /** Ends the engine; nothing is answered any more. */
  end(): void {
    this.#bury();
    this.#memory.forget();
  }

  /** Kills the worker as a crash would, and recovers: for tests of the recovery. */
  crash(reason: string): void {
    this.#crashed(reason);
  }

  // -- messages ---------------------------------------------------------------------------------------------------------------------------

  #enqueue(command: Command, buffer: Uint8Array | undefined, own: boolean): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const job: Job = { id: this.#nextId++, command, buffer, own, posted: false, resolve, reject };
      this.#jobs.push(job);
      // While a worker boots only the client's own commands pass; the others wait for it to be restored.
      if (own || this.#status === 'ready') this.#post(job);
    });
  }

  #post(job: Job): void {
    job.posted = true;
    const { id, command, buffer } = job;
    this.#worker?.postMessage(buffer ? { id, command, buffer } : { id, command });
  }

  #receive(message: FromWorker): void {
    if ('crashed' in message) return this.#crashed(message.crashed);
    if ('ready' in message) return this.#loaded?.();
    const job = message.id === null ? null : (this.#jobs.find((job) => job.id === message.id) ?? null);
    if (this.#device === 'gpu' && message.event.type === 'failed' && message.event.failure.code === 'device') {
      return this.#crashed(message.event.failure.message);
    }
    if (job) this.#jobs.splice(this.#jobs.indexOf(job), 1);
    const reply: Reply = { event: message.event, buffers: message.buffers, ms: message.ms };
    this.#memory.learn(reply, job ?? { command: null, own: false }, this.#now());
    if (job && !job.own && reply.event.type === 'started' && job.command.type !== 'tune') this.#restarts = 0;
    this.#listener.reply(reply, job?.command ?? null, job?.own ?? false);
    job?.resolve(reply);
    this.#keepIfDue(reply.event);
  }

  // -- checkpoints ------------------------------------------------------------------------------------------------------------------------

  #keepIfDue(event: Event): void {
    if (this.#status !== 'ready' || !this.#memory.config || this.#memory.diverged) return;
    const due = event.type === 'started' || (event.type === 'progress' && this.#now() - this.#memory.keptAt >= KEEP_EVERY_MS);
    if (due) void this.#keep();
  }

  async #keep(): Promise<void> {
    if (this.#keeping) return;
    this.#keeping = true;
    // A failed save or a crash meanwhile leaves the checkpoint kept before.
    await this.#enqueue({ type: 'save' }, undefined, true).catch(() => null);
    this.#keeping = false;
  }

  // -- life and death ---------------------------------------------------------------------------------------------------------------------

  #crashed(reason: string): void {
    if (this.#bootFailed) return this.#bootFailed(new Error(reason));
    if (this.#status === 'dead') return;
    if (this.#device === 'cpu' && this.#restarts > 0) return this.#die(reason);
    if (this.#device === 'cpu') this.#restarts += 1;
    void this.#restart('cpu', reason);
  }

  /** A new worker on a device, with the run restored; `why` is the reason that the last one could not stay, if any. */
  async #restart(device: Device, why: string): Promise<void> {
    const playing = this.#memory.playing;
    this.#bury();
    this.#device = device;
    this.#setStatus('starting');
    try {
      const failed = new Promise<never>((_, reject) => (this.#bootFailed = reject));
      const info = await Promise.race([this.#boot(device), failed]);
      const images = await Promise.race([this.#restore(playing), failed]);
      this.#bootFailed = null;
      this.#setStatus('ready');
      if (why) this.#listener.note(noteOf(why, images));
      else if (info.note) this.#listener.note(() => info.note);
    } catch (error) {
      this.#bootFailed = null;
      this.#memory.playing = playing;
      const reason = reasonOf(error);
      if (device === 'gpu') return this.#restart('cpu', reason);
      return this.#die(reason);
    }
    for (const job of [...this.#jobs]) if (!job.posted) this.#post(job);
    if (this.#memory.config && !this.#memory.kept) void this.#keep();
  }

  async #boot(device: Device): Promise<DeviceInfo> {
    const worker = this.#spawn();
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#worker === worker && this.#receive(data);
    worker.onerror = ({ message }) => this.#worker === worker && this.#crashed(message || 'the worker could not be started');
    const name: Package = device === 'gpu' ? 'webgpu' : 'cpu';
    await new Promise<void>((resolve) => {
      this.#loaded = resolve;
      worker.postMessage({ load: name });
    });
    const event = await this.#must({ type: 'open', device });
    if (event.type !== 'opened') throw new Error(`the engine answered \`${event.type}\` to open`);
    return event.device;
  }

  /** Brings run and weights into a fresh engine; returns the images seen, or null without a run. */
  async #restore(playing: boolean): Promise<number | null> {
    if (this.#memory.weights) await this.#must({ type: 'load_weights', name: this.#memory.weights.name }, this.#memory.weights.bytes);
    const config = this.#memory.config;
    if (!config) return null;
    const event = this.#memory.kept
      ? await this.#must({ type: 'load', name: 'the kept checkpoint' }, this.#memory.kept.bytes)
      : await this.#must({ type: 'reset', config });
    if (event.type !== 'started') throw new Error(`the engine answered \`${event.type}\` to load`);
    // Settings may have been tuned after the checkpoint was kept.
    if (JSON.stringify(event.config) !== JSON.stringify(config)) await this.#must({ type: 'tune', config });
    if (playing) await this.#must({ type: 'play' });
    return event.images;
  }

  async #must(command: Command, buffer?: Uint8Array): Promise<Event> {
    const { event } = await this.#enqueue(command, buffer, true);
    if (event.type === 'failed') throw new Error(event.failure.message);
    return event;
  }

  /** Ends the worker; own commands are dropped, those of others wait to be sent again. */
  #bury(): void {
    this.#worker?.terminate();
    this.#worker = null;
    const own = this.#jobs.filter((job) => job.own);
    this.#jobs = this.#jobs.filter((job) => !job.own);
    for (const job of this.#jobs) job.posted = false;
    for (const job of own) job.reject(new Error('the worker ended'));
  }

  #die(reason: string): void {
    this.#bury();
    this.#memory.playing = false;
    this.#obituary = reason;
    this.#setStatus('dead');
    const refusal = this.#refusal();
    this.#listener.reply(refusal, null, false);
    for (const job of this.#jobs.splice(0)) job.resolve(refusal);
  }

  #refusal(): Reply {
    const { stopped, whatNow } = language.words.page.engine;
    const failure = ownFailure('crashed', stopped(this.#obituary), whatNow);
    return { event: { type: 'failed', failure }, buffers: [] };
  }

  #setStatus(status: Status): void {
    this.#status = status;
    this.#listener.status(status);
  }
}

function noteOf(why: string, images: number | null): Saying {
  const reason = why.replace(/\.$/, '');
  return () => {
    const { numbers, page } = language.words;
    return images === null ? page.engine.runsOnCpu(reason) : page.engine.continuesOnCpu(numbers.whole(images), reason);
  };
}
