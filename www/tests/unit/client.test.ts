import { describe, expect, it } from 'vitest';
import { Client, KEEP_EVERY_MS } from '../../src/engine/client';
import type { Status } from '../../src/engine/parts';
import type { Reply } from '../../src/engine/messages';
import type { Command } from '../../src/generated/types';
import { withValue } from '../../src/settings/paths';
import { FakeWorker, type Plan, RING8 } from './fake-worker';

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

function bench(plan: Plan = {}) {
  const workers: FakeWorker[] = [];
  const notes: string[] = [];
  const statuses: Status[] = [];
  const seen: Reply[] = [];
  const clock = { now: 0 };
  const spawn = () => {
    workers.push(new FakeWorker(plan));
    return workers[workers.length - 1];
  };
  const listener = { reply: (reply: Reply) => seen.push(reply), note: (saying: () => string) => notes.push(saying()), status: (status: Status) => statuses.push(status) };
  const client = new Client(spawn, listener, () => clock.now);
  const last = () => workers[workers.length - 1];
  const types = (worker: FakeWorker) => worker.received.map((command) => command.type);
  return { client, workers, notes, statuses, seen, clock, last, types };
}

const reset: Command = { type: 'reset', config: RING8 };
const steps = (count: number): Command => ({ type: 'step', steps: count });

describe('the client', () => {
  it('answers commands that were sent before the engine was ready, in order', async () => {
    const { client, last, types } = bench();
    const begun = client.send(reset);
    const stepped = client.send(steps(3));
    await client.start('cpu');
    expect((await begun).event.type).toBe('started');
    expect((await stepped).event).toMatchObject({ type: 'progress', step: 3 });
    expect(types(last()).slice(0, 3)).toEqual(['open', 'reset', 'step']);
  });

  it('keeps a checkpoint right after the start and every few seconds', async () => {
    const { client, last, types, clock } = bench();
    await client.start('cpu');
    await client.send(reset);
    await settle();
    const saves = () => types(last()).filter((type) => type === 'save').length;
    const first = saves();
    expect(first).toBeGreaterThanOrEqual(1);
    await client.send(steps(1));
    await settle();
    expect(saves()).toBe(first);
    clock.now += KEEP_EVERY_MS;
    await client.send(steps(1));
    await settle();
    expect(saves()).toBe(first + 1);
  });

  it('continues on the CPU from the kept checkpoint and goes on playing when the GPU engine crashes', async () => {
    const { client, workers, notes, clock } = bench();
    await client.start('gpu');
    await client.send(reset);
    await client.send({ type: 'play' });
    await settle();
    clock.now += KEEP_EVERY_MS;
    workers[0].tick(700);
    await settle();
    workers[0].tick(50);
    workers[0].crash('unreachable');
    await settle();
    expect(workers.map((worker) => worker.package)).toEqual(['webgpu', 'cpu']);
    expect(workers[0].terminated).toBe(true);
    expect(workers[1]).toMatchObject({ step: 700, playing: true });
    expect(notes).toEqual(['Continues on the CPU from image 700 because unreachable.']);
    expect(client.device).toBe('cpu');
  });

  it.each<[string, Plan]>([
    ['there is no WebGPU', { unavailable: { webgpu: 'this browser found no WebGPU adapter' } }],
    ['the self-test fails', { unfit: 'this browser found no WebGPU adapter' }],
  ])('keeps the run exactly where it is when %s', async (_, plan) => {
    const { client, last, notes } = bench(plan);
    await client.start('cpu');
    await client.send(reset);
    await client.send(steps(9));
    await client.choose('gpu');
    expect(last()).toMatchObject({ package: 'cpu', step: 9 });
    expect(notes).toEqual(['Continues on the CPU from image 9 because this browser found no WebGPU adapter.']);
  });

  it('moves a run to the GPU and back without losing a step', async () => {
    const { client, workers, last, notes } = bench();
    await client.start('cpu');
    await client.send(reset);
    await client.send(steps(5));
    await client.choose('gpu');
    expect(last()).toMatchObject({ package: 'webgpu', step: 5 });
    await client.send(steps(2));
    await client.choose('cpu');
    expect(last()).toMatchObject({ package: 'cpu', step: 7 });
    expect([workers.length, notes]).toEqual([3, []]);
  });

  it('takes a failure of the device during training as its loss', async () => {
    let lost = true;
    const { client, last } = bench({
      instead: (command, worker) => {
        if (command.type !== 'step' || worker.package !== 'webgpu' || !lost) return null;
        lost = false;
        return { type: 'failed', failure: { code: 'device', message: 'the device was lost', hint: '' } };
      },
    });
    await client.start('gpu');
    await client.send(reset);
    const { event } = await client.send(steps(4));
    // The step that the GPU did not answer was done by the CPU.
    expect(event).toMatchObject({ type: 'progress', step: 4 });
    expect(last().package).toBe('cpu');
  });

  it('restores settings that were tuned after the checkpoint was kept', async () => {
    const { client, workers, last } = bench({ instead: (command, worker) => (command.type === 'save' && worker.step === 0 ? { type: 'failed', failure: { code: 'x', message: 'x', hint: '' } } : null) });
    await client.start('cpu');
    await client.send(reset);
    const tuned = withValue(RING8, 'batch', 99);
    await client.send({ type: 'tune', config: tuned });
    await settle();
    workers[0].crash('gone');
    await settle();
    expect(last().config?.batch).toBe(99);
  });

  it('replaces a CPU engine once, then says clearly that it stopped', async () => {
    const { client, workers, statuses, seen } = bench({ instead: (command) => (command.type === 'evaluate' ? { crash: 'out of memory' } : null) });
    await client.start('cpu');
    await client.send(reset);
    const { event } = await client.send({ type: 'evaluate', scores: [] });
    expect(workers.length).toBe(2);
    expect(event).toMatchObject({ type: 'failed', failure: { code: 'crashed', message: 'the engine stopped: out of memory' } });
    expect(statuses.at(-1)).toBe('dead');
    expect(seen.at(-1)?.event.type).toBe('failed');
    expect((await client.send(steps(1))).event.type).toBe('failed');
  });

  it('starts afresh with a reset after it stopped', async () => {
    const { client, last } = bench({ instead: (command) => (command.type === 'evaluate' ? { crash: 'out of memory' } : null) });
    await client.start('cpu');
    await client.send(reset);
    await client.send({ type: 'evaluate', scores: [] });
    expect((await client.send(reset)).event.type).toBe('started');
    expect((await client.send(steps(2))).event).toMatchObject({ step: 2 });
    expect(last().package).toBe('cpu');
  });

  it('ends with a clear error when not even the CPU engine can be loaded', async () => {
    const { client, workers, statuses } = bench({ unavailable: { cpu: 'WebAssembly is switched off' } });
    await client.start('cpu');
    expect((await client.send({ type: 'play' })).event).toMatchObject({ failure: { message: 'the engine stopped: WebAssembly is switched off' } });
    expect([workers.length, statuses.at(-1)]).toEqual([1, 'dead']);
  });

  it('goes back to the last checkpoint that was good, also after the engine stopped', async () => {
    const { client, last, clock } = bench({ instead: (command) => (command.type === 'evaluate' ? { crash: 'out of memory' } : null) });
    await client.start('cpu');
    expect(client.rewind()).toBeNull();
    await client.send(reset);
    await settle();
    clock.now += KEEP_EVERY_MS;
    await client.send(steps(40));
    await settle();
    // What others save, to look at it, is newer and may be what went wrong already.
    await client.send(steps(10));
    await client.send({ type: 'save' });
    expect(client.keptImages).toBe(40);
    last().say({ type: 'failed', failure: { code: 'diverged', message: 'training diverged at image 60', hint: '' } });
    clock.now += KEEP_EVERY_MS;
    await client.send(steps(20));
    await settle();
    expect(client.keptImages).toBe(40);
    expect((await client.rewind())?.event).toMatchObject({ type: 'started', step: 40 });
    await client.send({ type: 'evaluate', scores: [] });
    expect((await client.rewind())?.event).toMatchObject({ type: 'started', step: 40 });
  });

  it('brings loaded weights into the new engine', async () => {
    const { client, workers, types } = bench();
    await client.start('cpu');
    await client.send({ type: 'load_weights', name: 'g.safetensors' }, new Uint8Array([1]));
    workers[0].crash('gone');
    await settle();
    expect(types(workers[1])).toEqual(['open', 'load_weights']);
  });
});
