/** The worker that makes films, so that the page stays free: it draws each frame, hands it to an encoder, and answers. */
import { describe } from '../engine/loop';
import { videoCodec } from './codec';
import { drawFrame } from './frame';
import { Gif } from './gif';
import type { Answer, Format, Order, Style } from './messages';
import { paletteOf } from './palette';
import { Webm } from './webm';

interface Maker {
  readonly side: number;
  add(context: OffscreenCanvasRenderingContext2D, last: boolean): void | Promise<void>;
  finish(): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
}

interface Studio {
  style: Style;
  maker: Maker;
  context: OffscreenCanvasRenderingContext2D;
}

const scope = self as unknown as {
  postMessage(message: Answer, transfer: Transferable[]): void;
  onmessage: ((message: MessageEvent<Order>) => void) | null;
};

let studio: Studio | null = null;

scope.onmessage = async ({ data }) => {
  const answer = await obey(data).catch((error: unknown): Answer => ({ failed: describe(error) }));
  scope.postMessage(answer, 'film' in answer ? [answer.film.buffer] : []);
};

async function obey(order: Order): Promise<Answer> {
  if (order.do === 'begin') studio = await opened(order.format, order.style);
  if (!studio) throw new Error('a film was not begun');
  if (order.do === 'end') return { film: await studio.maker.finish() };
  if (order.do === 'frame') {
    drawFrame(studio.context, order.look, order.label, studio.style);
    await studio.maker.add(studio.context, order.last);
  }
  return { done: true };
}

async function opened(format: Format, style: Style): Promise<Studio> {
  const maker = format === 'gif' ? new Gif(paletteOf(style.inks)) : await webm();
  const canvas = new OffscreenCanvas(maker.side, maker.side);
  // Its pixels are read after each frame: they lie better in memory than on a GPU.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('the browser gives no canvas to draw on');
  return { style, maker, context };
}

async function webm(): Promise<Webm> {
  const codec = await videoCodec();
  if (!codec) throw new Error('the browser encodes neither VP9 nor VP8');
  return new Webm(codec);
}
