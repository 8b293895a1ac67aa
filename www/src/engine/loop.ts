/**
 * The worker's loop: one command or one tick at a time, so that wasm is never entered twice.
 *
 * Commands come before ticks, and between any two of them the thread's message queue is served.
 */
import type { Answer, FromWorker, Pump, Reply, Request } from './messages';

export class Loop {
  #pump: Pump;
  #post: (message: FromWorker, transfer: Transferable[]) => void;
  #breathe: () => Promise<void>;
  #queue: Request[] = [];
  #busy = false;
  #crashed = false;

  /** `breathe` resolves in a later macrotask. */
  constructor(pump: Pump, post: (message: FromWorker, transfer: Transferable[]) => void, breathe: () => Promise<void>) {
    this.#pump = pump;
    this.#post = post;
    this.#breathe = breathe;
  }

  push(request: Request): void {
    this.#queue.push(request);
    void this.#run();
  }

  /** Says once why the engine is gone; nothing is posted after that. */
  crash(reason: string): void {
    if (this.#crashed) return;
    this.#crashed = true;
    this.#queue = [];
    this.#post({ crashed: reason }, []);
  }

  async #run(): Promise<void> {
    if (this.#busy || this.#crashed) return;
    this.#busy = true;
    try {
      while (!this.#crashed && (await this.#turn())) await this.#breathe();
    } catch (error) {
      this.crash(describe(error));
    }
    this.#busy = false;
  }

  /** Does one thing; false when there is nothing to do. */
  async #turn(): Promise<boolean> {
    const begin = performance.now();
    const request = this.#queue.shift();
    if (request) {
      this.#answer(request.id, await this.#pump.handle(request.command, request.buffer), begin);
      return true;
    }
    if (!this.#pump.playing()) return false;
    this.#answer(null, await this.#pump.tick(), begin);
    return true;
  }

  #answer(id: number | null, reply: Reply, begin: number): void {
    if (this.#crashed) return;
    const answer: Answer = { id, event: reply.event, buffers: reply.buffers, ms: performance.now() - begin };
    this.#post(answer, reply.buffers.map((buffer) => buffer.buffer));
  }
}

/** An exception in words. */
export function describe(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}

/** A macrotask later; unlike `setTimeout` it is not held back by the browser's 4 ms. */
export function macrotask(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
