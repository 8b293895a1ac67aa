/** What the client is put together from: a worker, and somebody who listens. */
import type { Command } from '../generated/types';
import type { Saying } from '../words/language.svelte';
import type { FromWorker, Reply, ToWorker } from './messages';

/** Where to compute, as the page offers it. */
export type Device = 'cpu' | 'gpu';

/** The part of `Worker` that is used, so that tests can stand in for it. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((message: { data: FromWorker }) => void) | null;
  onerror: ((error: { message?: string }) => void) | null;
}

/** Who listens. */
export interface Listener {
  /** Every event, with the command it answers (null where nobody asked) and whether the client asked on its own account. */
  reply(reply: Reply, command: Command | null, own: boolean): void;
  /** Why the run goes on elsewhere than it was. */
  note(saying: Saying): void;
  /** The engine is starting, ready, or gone for good. */
  status(status: Status): void;
}

export type Status = 'starting' | 'ready' | 'dead';

/** The worker that ships with the page. */
export function spawnWorker(): WorkerLike {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'sparring' }) as unknown as WorkerLike;
}
