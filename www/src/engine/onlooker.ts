/**
 * A second worker, which looks at checkpoints of a run while the first trains: a look costs the training no more than a save then.
 * Where the processor has one core, or the worker does not stand, there is none, and looks are the first one's as ever.
 */
import type { Command } from '../generated/types';
import { Client } from './client';
import type { Reply } from './messages';
import type { WorkerLike } from './parts';

export class Onlooker {
  #spawn: () => WorkerLike;
  #client: Client | null = null;
  #ready = false;
  #wanted: boolean;

  constructor(spawn: () => WorkerLike, cores = navigator.hardwareConcurrency) {
    [this.#spawn, this.#wanted] = [spawn, cores > 1];
  }

  /** Whether it can be asked; who wants to know makes it start. */
  get ready(): boolean {
    if (this.#wanted && !this.#client) {
      this.#client = new Client(this.#spawn, { reply: () => {}, note: () => {}, status: (status) => (this.#ready = status === 'ready') });
      void this.#client.start('cpu');
    }
    return this.#ready;
  }

  /** What a command that only looks finds at a checkpoint; null where it fails, and then this was the last time. */
  async look(command: Command, checkpoint: Uint8Array): Promise<Reply | null> {
    const reply = await this.#client?.send(command, checkpoint);
    if (reply && reply.event.type !== 'failed') return { ...reply, aside: true };
    this.end();
    return null;
  }

  end(): void {
    this.#client?.end();
    [this.#client, this.#ready, this.#wanted] = [null, false, false];
  }
}
