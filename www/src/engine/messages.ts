/** What page and worker post to each other around the typed protocol of `generated/types.ts`. */
import type { Command, Event } from '../generated/types';

/** The two builds of the engine: `webgpu` holds CPU and GPU and is large; `cpu` is small. */
export type Package = 'cpu' | 'webgpu';

/** Bulk numbers beside an event, in the order that the protocol gives. */
export type Bulk = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** An event with its bulk numbers. */
export interface Reply {
  event: Event;
  buffers: Bulk[];
  /** How long the engine took, in milliseconds; the worker's loop says it. */
  ms?: number;
  /** Whether another engine answered than the one that trains. */
  aside?: boolean;
}

/** What a worker is sent: first which package to load, then commands. */
export type ToWorker = { load: Package } | Request;

/** A command with the number that its answer carries. */
export interface Request {
  id: number;
  command: Command;
  buffer?: Uint8Array;
}

/** What a worker posts. `id` is null where nobody asked (progress while playing). */
export type FromWorker = { ready: Package } | Answer | { crashed: string };

/** An event on its way to the page. */
export interface Answer extends Reply {
  id: number | null;
  ms: number;
}

/** The engine as the wasm packages export it. */
export interface Pump {
  handle(command: Command, buffer?: Uint8Array): Promise<Reply>;
  tick(): Promise<Reply>;
  playing(): boolean;
}
