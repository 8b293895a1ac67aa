import { describe, expect, it } from 'vitest';
import { Onlooker } from '../../src/engine/onlooker';
import type { Command, Event } from '../../src/generated/types';
import { FakeWorker } from './fake-worker';

const view = { x_min: 0, x_max: 1, y_min: 0, y_max: 1 };
const LOOK: Command = { type: 'look', view, samples: 1, grid: 1, extras: [] };
const SEEN: Event = { type: 'stage', view, samples: 1, grid: 1, step: 7, images: 7, extras: [], mesh: 41, optimum: null };
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

function bench(answer: (command: Command) => Event | null, cores = 2) {
  const workers: FakeWorker[] = [];
  const onlooker = new Onlooker(() => {
    workers.push(new FakeWorker({ instead: (command) => (command.type === 'look' ? answer(command) : null) }));
    return workers[workers.length - 1];
  }, cores, 0);
  return { onlooker, workers };
}

describe('the onlooker', () => {
  it('begins when somebody wants to know whether it can be asked, and says that it answered', async () => {
    const { onlooker, workers } = bench(() => SEEN);
    expect(workers).toHaveLength(0);
    expect(onlooker.ready).toBe(false);
    await settle();
    expect(onlooker.ready).toBe(true);
    expect(workers).toHaveLength(1);
    expect(await onlooker.look(LOOK, new Uint8Array([1]))).toMatchObject({ aside: true, event: { type: 'stage', step: 7 } });
  });

  it('stays away where there is one core', async () => {
    const { onlooker, workers } = bench(() => SEEN, 1);
    void onlooker.ready;
    await settle();
    expect([onlooker.ready, workers.length]).toEqual([false, 0]);
  });

  it('is not asked again once it failed, so that the first worker looks', async () => {
    const { onlooker, workers } = bench(() => null);
    void onlooker.ready;
    await settle();
    expect(await onlooker.look(LOOK, new Uint8Array([1]))).toBeNull();
    expect([onlooker.ready, workers.length, workers[0].terminated]).toEqual([false, 1, true]);
  });
});
