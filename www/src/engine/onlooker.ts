/**
 * A second worker, which looks at checkpoints of a run while the first trains: a look costs the training no more than a save then.
 * Where the processor has one core, or the worker does not stand, there is none, and looks are the first one's as ever.
 */
import type { Command } from '../generated/types';
import { Client } from './client';
import type { Reply } from './messages';
import type { WorkerLike } from './parts';

/** From the first wish for it to its start, in milliseconds: the page has only begun to train then, and a second engine beside the first would keep it from its tasks. */
const AFTER_MS = 1000;

export class Onlooker {
  #spawn: () => WorkerLike;
  #client: Client | null = null;
  #ready = false;
  #wanted: boolean;
  #after: number;
  #clock: ReturnType<typeof setTimeout> | null = null;

  constructor(spawn: () => WorkerLike, cores = navigator.hardwareConcurrency, after = AFTER_MS) {
    [this.#spawn, this.#wanted, this.#after] = [spawn, cores > 1, after];
  }

  /** Whether it can be asked; who wants to know makes it start soon. */
  get ready(): boolean {
    if (this.#wanted) this.#clock ??= setTimeout(() => this.#start(), this.#after);
    return this.#ready;
  }

  #start(): void {
    this.#client = new Client(this.#spawn, { reply: () => {}, note: () => {}, status: (status) => (this.#ready = status === 'ready') });
    void this.#client.start('cpu');
  }

  /** What a command that only looks finds at a checkpoint; null where it fails, and then this was the last time. */
  async look(command: Command, checkpoint: Uint8Array): Promise<Reply | null> {
    const reply = await this.#client?.send(command, checkpoint);
    if (reply && reply.event.type !== 'failed') return { ...reply, aside: true };
    this.end();
    return null;
  }

  end(): void {
    if (this.#clock) clearTimeout(this.#clock);
    this.#client?.end();
    [this.#client, this.#ready, this.#wanted] = [null, false, false];
  }
}
