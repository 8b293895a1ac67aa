import { beforeEach, expect, test, vi } from 'vitest';
import { perFrame } from '../../src/ui/frames';

let waiting: ((time: number) => void)[] = [];
let clock = 1000;

/** Draws what was asked for until now. */
function frame(): void {
  clock += 16;
  const [time, callbacks] = [clock, waiting];
  waiting = [];
  for (const callback of callbacks) callback(time);
}

beforeEach(() => {
  waiting = [];
  vi.stubGlobal('requestAnimationFrame', (callback: (time: number) => void) => waiting.push(callback));
  vi.stubGlobal('cancelAnimationFrame', () => (waiting = []));
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
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
  return { drawn, askAll: () => frames.forEach(({ ask }) => ask()) };
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
  frame();
  expect(drawn).toEqual([2, 2, 2, 1, 1]);
});

test('one that takes longer than a frame may is drawn all the same', () => {
  const { drawn, askAll } = canvases(2, 40);
  askAll();
  frame();
  frame();
  expect(drawn).toEqual([1, 1]);
});
