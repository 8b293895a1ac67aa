import { describe, expect, it } from 'vitest';
import presets from '../../src/generated/presets.json';
import type { Preset, TrainConfig } from '../../src/generated/types';
import { ModeMover, type Movable } from '../../src/lab/mode-mover';
import { guessing } from '../../src/lab/players';

const base = (presets as unknown as Preset[])[0].config;

/** A run that takes its time for every change. */
class Run implements Movable {
  config: TrainConfig = base;
  scene = { modes: [{ centre: [1, 0], sigma: [0.1, 0.1] }, { centre: [0, 1], sigma: [0.1, 0.1] }], view: { x_min: -1.4, x_max: 1.4 } };
  told: unknown[] = [];
  #answers: (() => void)[] = [];

  change(_path: string, value: unknown): Promise<void> {
    this.told.push(value);
    return new Promise((resolve) => this.#answers.push(() => ((this.config = { ...base, moved: value as TrainConfig['moved'] }), resolve())));
  }

  async answer(): Promise<void> {
    this.#answers.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

describe('modes that are dragged', () => {
  it('are told one command at a time, of which the newest place is the next', async () => {
    const run = new Run();
    const mover = new ModeMover(run);
    mover.move(0, [0.91234567, 0.1]);
    mover.move(0, [0.8, 0.2]);
    mover.move(0, [0.7, 0.3]);
    expect(run.told).toEqual([[[0, 0.912, 0.1]]]);
    await run.answer();
    expect(run.told.slice(1)).toEqual([[[0, 0.7, 0.3]]]);
    mover.move(1, [0.1, 0.9]);
    expect(mover.placeOf(0)).toEqual([0.7, 0.3]);
    await run.answer();
    await run.answer();
    await mover.settled();
    expect(run.config.moved).toEqual([[0, 0.7, 0.3], [1, 0.1, 0.9]]);
    expect(run.told.length).toBe(3);
  });

  it('of the line stay on the line', async () => {
    const run = new Run();
    run.scene.modes = [{ centre: [1, 0], sigma: [0.1, 0] }];
    new ModeMover(run).move(0, [0.5, 0.7]);
    expect(run.told).toEqual([[[0, 0.5, 0]]]);
  });
});

describe('the band of guesses', () => {
  it('holds 19 of 20 batches that a D without a clue judges', () => {
    let random = 1;
    const flip = () => ((random = (random * 1103515245 + 12345) % 2 ** 31) / 2 ** 31 < 0.5 ? 1 : 0);
    const share = (n: number) => Array.from({ length: n }, flip).reduce((sum: number, x) => sum + x, 0) / n;
    for (const [neutral, accuracy] of [[true, () => (share(64) + share(64)) / 2], [false, () => share(64)]] as const) {
      const [low, high] = guessing(64, neutral);
      const inside = Array.from({ length: 2000 }, accuracy).filter((x) => x >= low && x <= high).length / 2000;
      expect(inside).toBeGreaterThan(0.93);
      expect(inside).toBeLessThan(0.98);
    }
  });
});
