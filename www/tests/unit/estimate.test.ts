import { describe, expect, it } from 'vitest';
import { estimates } from '../../src/lab/estimate';
import { Series } from '../../src/lab/series';
import type { Curves } from '../../src/lab/curves.svelte';

describe("D's estimate of W1", () => {
  it('is read at the steps that are asked for', () => {
    const losses = new Series(['d_real', 'd_fake'] as const);
    for (const [step, d_real, d_fake] of [[1, 1, 0], [2, 3, 1], [4, 0, 1]]) losses.push(step, { d_real, d_fake });
    expect(estimates({ losses } as unknown as Curves, [0, 1, 2, 3, 4], 0, 10)).toEqual([null, 10, 20, 20, -10]);
  });
});
