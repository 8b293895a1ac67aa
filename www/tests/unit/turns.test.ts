import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inTurn } from '../../src/ui/turns';

describe('what is made in turns', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is made one piece a picture, in order, without what is not wanted any more', async () => {
    const frames: (() => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
    const made: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const stop = inTurn(() => made.push(name));
      if (name === 'b') stop();
    }
    const picture = async () => {
      frames.splice(0).forEach((draw) => draw());
      await vi.advanceTimersByTimeAsync(0);
    };
    expect(made).toEqual([]);
    await picture();
    expect(made).toEqual(['a']);
    await picture();
    expect(made).toEqual(['a', 'c']);
  });

  it('goes on by the clock where no pictures are drawn, and begins again later', async () => {
    vi.stubGlobal('requestAnimationFrame', () => 0);
    let made = 0;
    for (let i = 0; i < 3; i++) inTurn(() => (made += 1));
    await vi.advanceTimersByTimeAsync(100);
    expect(made).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(made).toBe(3);
    inTurn(() => (made += 1));
    await vi.advanceTimersByTimeAsync(100);
    expect(made).toBe(4);
  });
});
