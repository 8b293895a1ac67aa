import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inTurn } from '../../src/ui/turns';

/** Milliseconds that have passed. */
let clock = 0;

describe('what is made in turns', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  /** What is made, each piece in so many milliseconds; and the next picture of the page. */
  function turns() {
    const frames: (() => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
    const made: string[] = [];
    return {
      made,
      make: (name: string, ms: number) => () => {
        made.push(name);
        clock += ms;
      },
      picture: async () => {
        frames.splice(0).forEach((draw) => draw());
        await vi.advanceTimersByTimeAsync(0);
      },
    };
  }

  it('is made one large piece a picture, in order, without what is not wanted any more', async () => {
    const { made, make, picture } = turns();
    for (const name of ['a', 'b', 'c']) {
      const stop = inTurn(make(name, 10));
      if (name === 'b') stop();
    }
    expect(made).toEqual([]);
    await picture();
    expect(made).toEqual(['a']);
    await picture();
    expect(made).toEqual(['a', 'c']);
  });

  it('is made several small pieces a picture, which together take no longer than a large one', async () => {
    const { made, make, picture } = turns();
    for (const name of 'abcdef') inTurn(make(name, 1.5));
    await picture();
    expect(made.join('')).toBe('abc');
    await picture();
    expect(made.join('')).toBe('abcdef');
  });

  it('is made from the top: the parts of a piece before what stands behind it, and what is out of sight at the end', async () => {
    const { made, make, picture } = turns();
    inTurn(() => {
      make('a', 10)();
      inTurn(make('late', 10), true);
      for (const name of ['a1', 'a2', 'a3']) {
        const stop = inTurn(make(name, 10));
        if (name === 'a1') stop();
      }
    });
    inTurn(make('b', 10));
    for (let i = 0; i < 6; i++) await picture();
    expect(made).toEqual(['a', 'a2', 'a3', 'b', 'late']);
  });

  it('goes on by the clock where no pictures are drawn, and begins again later', async () => {
    const { made, make } = turns();
    for (const name of ['a', 'b', 'c']) inTurn(make(name, 10));
    await vi.advanceTimersByTimeAsync(100);
    expect(made).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(200);
    expect(made).toEqual(['a', 'b', 'c']);
    inTurn(make('d', 10));
    await vi.advanceTimersByTimeAsync(100);
    expect(made).toEqual(['a', 'b', 'c', 'd']);
  });
});
