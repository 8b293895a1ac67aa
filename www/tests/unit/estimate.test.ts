import { describe, expect, it } from 'vitest';
import { estimates, unitOf } from '../../src/lab/estimate';
import { Series } from '../../src/lab/series';
import type { Curves } from '../../src/lab/curves.svelte';

describe("D's estimate of W1", () => {
  it('is in data units: those of modes and of own points exactly, of other data by samples', () => {
    expect(unitOf({ data: 'ring8', points: [] }, null)).toBeCloseTo(Math.sqrt((1 + 2 * 0.01 ** 2) / 2), 6);
    expect(unitOf({ data: 'grid25', points: [] }, null)).toBeCloseTo(Math.sqrt(8 + 0.05 ** 2), 6);
    // On the line one coordinate: .3 at −1 ± .2 and .7 at 1 ± .4, around the mean .4.
    expect(unitOf({ data: 'bimodal1d', points: [] }, null)).toBeCloseTo(Math.sqrt(0.3 * (1.4 ** 2 + 0.04) + 0.7 * (0.6 ** 2 + 0.16)), 6);
    expect(unitOf({ data: 'points', points: [[-3, 0], [3, 0], [0, 3], [0, -3]] }, null)).toBeCloseTo(Math.sqrt(4.5 * (1 + 0.03 ** 2)), 6);
    expect(unitOf({ data: 'points', points: [[5, 5]] }, null)).toBeCloseTo(0.03, 6);
    expect(unitOf({ data: 'moons', points: [] }, Float32Array.from([9, 1, 11, 1, 10, 2, 10, 0]))).toBeCloseTo(Math.SQRT1_2, 6);
    expect(unitOf({ data: 'moons', points: [] }, null)).toBeNull();
  });

  it('is read at the steps that are asked for', () => {
    const losses = new Series(['d_real', 'd_fake'] as const);
    for (const [step, d_real, d_fake] of [[1, 1, 0], [2, 3, 1], [4, 0, 1]]) losses.push(step, { d_real, d_fake });
    expect(estimates({ losses } as unknown as Curves, [0, 1, 2, 3, 4], 0, 10)).toEqual([null, 10, 20, 20, -10]);
  });
});
