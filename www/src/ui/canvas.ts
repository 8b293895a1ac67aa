/** A canvas that is as sharp as the screen: its pixels follow its box and the device's pixel ratio. */

export interface Fit {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
}

/** Sizes the canvas to its box and returns its context, scaled to CSS pixels; null while it has no box. */
export function fit(canvas: HTMLCanvasElement): Fit | null {
  const context = canvas.getContext('2d');
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!context || width === 0 || height === 0) return null;
  const ratio = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}

/** Calls `draw` when the element's box changes; returns the way to stop. */
export function onResize(element: Element, draw: () => void): () => void {
  const observer = new ResizeObserver(draw);
  observer.observe(element);
  return () => observer.disconnect();
}

/** At most one `draw` a frame, and in so many milliseconds, however often it is asked for. */
export function perFrame(draw: () => void, every = 0): { ask: () => void; stop: () => void } {
  let asked = false;
  let last = -Infinity;
  let frame = 0;
  let clock: ReturnType<typeof setTimeout>;
  const now = () => {
    [asked, last] = [false, performance.now()];
    draw();
  };
  const ask = () => {
    if (asked) return;
    asked = true;
    const wait = last + every - performance.now();
    if (wait > 0) clock = setTimeout(() => (frame = requestAnimationFrame(now)), wait);
    else frame = requestAnimationFrame(now);
  };
  const stop = () => {
    clearTimeout(clock);
    cancelAnimationFrame(frame);
    asked = false;
  };
  return { ask, stop };
}
