import { describe, expect, it } from 'vitest';
import { drawnAt, spread } from '../../src/ui/line';

describe('the table behind a chart', () => {
  it('spreads its rows evenly over the run, with the first and the last', () => {
    expect(spread(0)).toEqual([]);
    expect(spread(3)).toEqual([0, 1, 2]);
    const rows = spread(16_384);
    expect(rows).toHaveLength(12);
    expect([rows[0], rows[11]]).toEqual([0, 16_383]);
    const gaps = rows.slice(1).map((at, i) => at - rows[i]);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });

  it('reads a line that is joined over gaps where it is drawn, and no further', () => {
    const line = { label: 'a', ink: '', values: [null, 1, null, NaN, 7, null] };
    const steps = [0, 10, 20, 30, 40, 50];
    const read = (sparse: boolean) => steps.map((_, at) => drawnAt({ ...line, sparse }, steps, at));
    expect(read(true)).toEqual([null, 1, 3, 5, 7, null]);
    expect(read(false)).toEqual([null, 1, null, null, 7, null]);
  });
});
