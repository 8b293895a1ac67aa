/** When is drawn: once a frame at most, and of what is asked for only so much in one frame that the page can answer in between. */

/** What may be drawn in a frame before the rest waits for the next, in milliseconds. */
const FRAME_MS = 5;

/** What is asked for, in the order in which it was: who asks again while drawing comes after all that wait. */
const waiting: (() => void)[] = [];

let scheduled = false;

function schedule(): void {
  if (scheduled || waiting.length === 0) return;
  scheduled = true;
  requestAnimationFrame(work);
}

function work(): void {
  scheduled = false;
  const begin = performance.now();
  // What is asked for from here on is the next frame's.
  let left = waiting.length;
  try {
    while (left > 0 && performance.now() - begin <= FRAME_MS) {
      left -= 1;
      waiting.shift()?.();
    }
  } finally {
    schedule();
  }
}

function enter(draw: () => void): void {
  waiting.push(draw);
  schedule();
}

function leave(draw: () => void): void {
  const place = waiting.indexOf(draw);
  if (place >= 0) waiting.splice(place, 1);
}

/** At most one `draw` a frame, and in so many milliseconds, however often it is asked for. */
export function perFrame(draw: () => void, every = 0): { ask: () => void; stop: () => void } {
  let asked = false;
  let last = -Infinity;
  let clock: ReturnType<typeof setTimeout>;
  const now = () => {
    [asked, last] = [false, performance.now()];
    draw();
  };
  const ask = () => {
    if (asked) return;
    asked = true;
    const wait = last + every - performance.now();
    if (wait > 0) clock = setTimeout(() => enter(now), wait);
    else enter(now);
  };
  const stop = () => {
    clearTimeout(clock);
    leave(now);
    asked = false;
  };
  return { ask, stop };
}
