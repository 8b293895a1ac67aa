import { describe, expect, it } from 'vitest';
import { Loop } from '../../src/engine/loop';
import type { Answer, FromWorker, Pump, Reply } from '../../src/engine/messages';
import { whyNoWebGpu } from '../../src/engine/probe';
import type { Command } from '../../src/generated/types';

const breathe = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const later = (ms = 20) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Fails if it is entered twice; plays for a number of ticks. */
class Counter implements Pump {
  ticks = 0;
  inside = 0;
  log: string[] = [];
  constructor(private until: number) {}
  playing = () => this.ticks < this.until;
  handle = (command: Command) => this.#enter(command.type, command.type === 'export');
  tick = () => this.#enter(`tick ${++this.ticks}`, false);

  async #enter(what: string, trap: boolean): Promise<Reply> {
    if (this.inside++ > 0) throw new Error('entered twice');
    await breathe();
    this.inside--;
    if (trap) throw new Error('unreachable');
    this.log.push(what);
    return { event: { type: 'checkpoint', images: 0 }, buffers: [new Float32Array([1, 2])] };
  }
}

function bench(until: number) {
  const posted: FromWorker[] = [];
  const transferred: Transferable[] = [];
  const pump = new Counter(until);
  const loop = new Loop(pump, (message, transfer) => (posted.push(message), transferred.push(...transfer)), breathe);
  return { pump, loop, posted, transferred };
}

describe("the worker's loop", () => {
  it('never enters the engine twice, and takes commands before ticks', async () => {
    const { pump, loop } = bench(3);
    loop.push({ id: 1, command: { type: 'play' } });
    loop.push({ id: 2, command: { type: 'save' } });
    await later();
    loop.push({ id: 3, command: { type: 'pause' } });
    await later();
    expect(pump.log).toEqual(['play', 'save', 'tick 1', 'tick 2', 'tick 3', 'pause']);
  });

  it('answers a command with its number and a tick with none, and transfers the buffers', async () => {
    const { loop, posted, transferred } = bench(1);
    loop.push({ id: 7, command: { type: 'play' } });
    await later();
    expect(posted.map((message) => (message as Answer).id)).toEqual([7, null]);
    expect(transferred).toHaveLength(2);
    expect(transferred[0]).toBeInstanceOf(ArrayBuffer);
  });

  it('posts one crash and nothing after it', async () => {
    const { loop, posted } = bench(0);
    loop.push({ id: 1, command: { type: 'export', half: false } });
    await later();
    loop.push({ id: 2, command: { type: 'save' } });
    loop.crash('again');
    await later();
    expect(posted).toEqual([{ crashed: 'unreachable' }]);
  });
});

describe('the probe for WebGPU', () => {
  const navigator = (adapter: unknown) => ({ gpu: { requestAdapter: () => Promise.resolve(adapter) } });
  const adapter = (features: string[], invocations: number) => ({ features: new Set(features), limits: { maxComputeInvocationsPerWorkgroup: invocations } });

  it('says what is missing', async () => {
    expect(await whyNoWebGpu({})).toContain('no WebGPU');
    expect(await whyNoWebGpu(navigator(null))).toContain('no WebGPU adapter');
    expect(await whyNoWebGpu(navigator(adapter([], 256)))).toContain('timestamp-query');
    expect(await whyNoWebGpu(navigator(adapter(['timestamp-query'], 128)))).toContain('128');
    expect(await whyNoWebGpu(navigator(adapter(['timestamp-query'], 256)))).toBeNull();
  });
});
