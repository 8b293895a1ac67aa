import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { perFrame } from '../../src/ui/frames';

let waiting: (() => void)[] = [];
let clock = 1000;

/** Draws what was asked for until now. */
function frame(): void {
  clock += 16;
  const callbacks = waiting;
  waiting = [];
  for (const callback of callbacks) callback();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => waiting.push(callback));
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterEach(() => {
  while (waiting.length > 0) frame();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Canvases that take so long each, and how often each was drawn. */
function canvases(count: number, each: number) {
  const drawn: number[] = Array<number>(count).fill(0);
  const frames = drawn.map((_, k) =>
    perFrame(() => {
      drawn[k] += 1;
      clock += each;
    }),
  );
  return { drawn, frames, askAll: () => frames.forEach(({ ask }) => ask()) };
}

test('what is asked for several times is drawn once', () => {
  const { drawn, askAll } = canvases(3, 1);
  askAll();
  askAll();
  frame();
  expect(drawn).toEqual([1, 1, 1]);
  frame();
  expect(drawn).toEqual([1, 1, 1]);
});

test('a frame that is full leaves the rest to the next, and all have their turn', () => {
  const { drawn, askAll } = canvases(5, 4);
  askAll();
  frame();
  expect(drawn).toEqual([1, 1, 0, 0, 0]);
  // Who has been drawn asks again, and comes after those who wait.
  askAll();
  frame();
  expect(drawn).toEqual([1, 1, 1, 1, 0]);
  askAll();
  frame();
  expect(drawn).toEqual([2, 1, 1, 1, 1]);
});

test('one that fills every frame and asks again while it is drawn keeps nobody from drawing', () => {
  let drawn = 0;
  const greedy = perFrame(() => {
    clock += 40;
    drawn += 1;
    if (drawn < 6) greedy.ask();
  });
  const other = canvases(2, 1);
  greedy.ask();
  other.askAll();
  frame();
  frame();
  expect(drawn).toBe(2);
  expect(other.drawn).toEqual([1, 1]);
});

test('what is stopped is not drawn, and nobody else is held up', () => {
  const { drawn, frames, askAll } = canvases(3, 4);
  askAll();
  frames[0].stop();
  frame();
  expect(drawn).toEqual([0, 1, 1]);
  frames[0].ask();
  frame();
  expect(drawn).toEqual([1, 1, 1]);
});

test('one that is wanted less often waits for its time', () => {
  let drawn = 0;
  const seldom = perFrame(() => (drawn += 1), 50);
  seldom.ask();
  frame();
  seldom.ask();
  frame();
  expect(drawn).toBe(1);
  vi.advanceTimersByTime(50);
  frame();
  expect(drawn).toBe(2);
});
