/** Has a film made by a worker of its own, which is loaded for it and ends with it. */
import { language } from '../words/language.svelte';
import type { Answer, Format, Look, Order, Style } from './messages';

/** The file; rejects where it cannot be made, and with an `AbortError` where it is cancelled. `progress` hears how many frames are done. */
export async function makeFilm(format: Format, looks: readonly Look[], style: Style, cancelled: AbortSignal, progress: (done: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'film' });
  // The words of one moment: a film speaks one language.
  const { label } = language.words.film;
  try {
    const ask = (order: Order) => answered(worker, order, cancelled);
    await ask({ do: 'begin', format, style });
    for (const [i, look] of looks.entries()) {
      await ask({ do: 'frame', look, label: label(look.stage.step, look.stage.images), last: i === looks.length - 1 });
      progress(i + 1);
    }
    const answer = await ask({ do: 'end' });
    if (!('film' in answer)) throw new Error('no film came back');
    return answer.film;
  } finally {
    worker.terminate();
  }
}

/** Gives an order and waits for its answer. */
function answered(worker: Worker, order: Order, cancelled: AbortSignal): Promise<Exclude<Answer, { failed: string }>> {
  return new Promise((resolve, reject) => {
    if (cancelled.aborted) return reject(cancelled.reason);
    cancelled.onabort = () => reject(cancelled.reason);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => ('failed' in data ? reject(new Error(data.failed)) : resolve(data));
    worker.onerror = ({ message }) => reject(new Error(message || 'its worker did not start'));
    worker.postMessage(order);
  });
}
