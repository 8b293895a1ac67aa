/**
 * A film as WebM, through WebCodecs. `MediaRecorder` would be shorter, but it films a canvas as long as the film lasts, by the clock, so that a busy machine
 * or a hidden tab drops frames, and Chromium's files have no duration and cannot be wound. Here every frame gets its own time and nothing waits for a clock.
 */
import { type Codec, WEBM_SIDE } from './codec';
import { type Chunk, type Colour, webmFile } from './ebml';
import { FPS } from './messages';

/** A player can wind to every so many-th frame. */
const KEY_EVERY = 2 * FPS;
/** Frames that may wait in the encoder. */
const MOST_WAITING = 4;

export class Webm {
  readonly side = WEBM_SIDE;
  #codec: Codec;
  #encoder: VideoEncoder;
  #chunks: Chunk[] = [];
  #colour: Colour | null = null;
  #frames = 0;
  #fail: (error: Error) => void = () => {};
  /** Rejects when the encoder stops for good. */
  #broken = new Promise<never>((_, reject) => (this.#fail = reject));

  constructor(codec: Codec) {
    this.#codec = codec;
    // Told by the one who waits next.
    this.#broken.catch(() => {});
    this.#encoder = new VideoEncoder({ output: (chunk, about) => this.#keep(chunk, about), error: (error) => this.#fail(error) });
    this.#encoder.configure(codec.config);
  }

  async add(context: OffscreenCanvasRenderingContext2D): Promise<void> {
    if (this.#encoder.state === 'closed') await this.#broken;
    const frame = new VideoFrame(context.canvas, { timestamp: microseconds(this.#frames), duration: microseconds(1) });
    this.#encoder.encode(frame, { keyFrame: this.#frames % KEY_EVERY === 0 });
    frame.close();
    this.#frames += 1;
    while (this.#encoder.encodeQueueSize > MOST_WAITING) await Promise.race([this.#broken, dequeued(this.#encoder)]);
  }

  async finish(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#encoder.state === 'closed') await this.#broken;
    await this.#encoder.flush();
    this.#encoder.close();
    return webmFile({ codec: this.#codec.name, side: this.side, fps: FPS, colour: this.#colour }, this.#chunks);
  }

  #keep(chunk: EncodedVideoChunk, about: EncodedVideoChunkMetadata | undefined): void {
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    this.#chunks.push({ ms: Math.round(chunk.timestamp / 1000), key: chunk.type === 'key', bytes });
    this.#colour ??= about?.decoderConfig?.colorSpace ?? null;
  }
}

function dequeued(encoder: VideoEncoder): Promise<Event> {
  return new Promise((resolve) => encoder.addEventListener('dequeue', resolve, { once: true }));
}

function microseconds(frames: number): number {
  return (frames * 1e6) / FPS;
}
