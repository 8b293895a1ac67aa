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
