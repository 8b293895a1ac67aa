/** A film as GIF. gifenc (MIT) compresses and writes the blocks: small, without dependencies, and its frames may be indices that are made elsewhere. */
import { GIFEncoder, nearestColorIndex } from 'gifenc';
import type { Rgb } from '../ui/theme.svelte';
import { FPS } from './messages';

/** Pixels of a side. */
export const GIF_SIDE = 480;
/** A GIF begins again by itself: its last frame stays this long. */
const HOLD_MS = 1500;
/** Bits of a colour's parts that are told apart: finer than the palette. */
const BITS = 7;
const UNKNOWN = 256;

export class Gif {
  readonly side = GIF_SIDE;
  #out = GIFEncoder();
  #palette: Rgb[];
  /** The nearest of the palette for each colour met so far. */
  #nearest = new Uint16Array(1 << (3 * BITS)).fill(UNKNOWN);
  #begun = false;

  constructor(palette: Rgb[]) {
    this.#palette = palette;
  }

  add(context: OffscreenCanvasRenderingContext2D, last: boolean): void {
    const indices = this.#indices(context.getImageData(0, 0, this.side, this.side).data);
    // Whole frames: leaving out the pixels that stay as they were saved nothing, since the heatmap changes nearly everywhere (ring8: 43 kB a frame with it, 41 kB without).
    const first = this.#begun ? {} : { palette: this.#palette, repeat: 0 };
    this.#out.writeFrame(indices, this.side, this.side, { ...first, delay: last ? HOLD_MS : 1000 / FPS });
    this.#begun = true;
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.#out.finish();
    return this.#out.bytes();
  }

  #indices(pixels: Uint8ClampedArray): Uint8Array {
    const indices = new Uint8Array(pixels.length / 4);
    const cut = 8 - BITS;
    for (let i = 0, at = 0; i < indices.length; i++, at += 4) {
      const key = ((pixels[at] >> cut) << (2 * BITS)) | ((pixels[at + 1] >> cut) << BITS) | (pixels[at + 2] >> cut);
      if (this.#nearest[key] === UNKNOWN) this.#nearest[key] = nearestColorIndex(this.#palette, [pixels[at], pixels[at + 1], pixels[at + 2]]);
      indices[i] = this.#nearest[key];
    }
    return indices;
  }
}
