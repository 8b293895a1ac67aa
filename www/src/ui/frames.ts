/** When is drawn: once a frame at most, and of what is asked for only so much in one frame that the page can answer in between. */

/** What may be drawn in a frame before the rest waits for the next, in milliseconds. As it is asked for in turns, nothing waits for ever. */
const FRAME_MS = 5;

/** The frame that is being drawn, by its time, and when the drawing of it began. */
let current = 0;
let begun = 0;

function full(frame: number): boolean {
  const now = performance.now();
  if (frame !== current) [current, begun] = [frame, now];
  return now - begun > FRAME_MS;
}

/** At most one `draw` a frame, and in so many milliseconds, however often it is asked for. */
export function perFrame(draw: () => void, every = 0): { ask: () => void; stop: () => void } {
  let asked = false;
  let last = -Infinity;
  let frame = 0;
  let clock: ReturnType<typeof setTimeout>;
  const next = () => (frame = requestAnimationFrame(now));
  const now = (time: number) => {
    if (full(time)) return void next();
    [asked, last] = [false, performance.now()];
    draw();
  };
  const ask = () => {
    if (asked) return;
    asked = true;
    const wait = last + every - performance.now();
    if (wait > 0) clock = setTimeout(next, wait);
    else next();
  };
  const stop = () => {
    clearTimeout(clock);
    cancelAnimationFrame(frame);
    asked = false;
  };
  return { ask, stop };
}
