/** Generated samples as pictures. */

/** One sample `[channels, height, width]` in −1..1 as an image; one channel is grey, three are red, green, blue. */
export function toImage(sample: Float32Array, shape: readonly number[]): ImageData {
  const [channels, height, width] = shape;
  const image = new ImageData(width, height);
  image.data.set(toBytes(sample, channels, height * width));
  return image;
}

/** Planes in −1..1 to interleaved red, green, blue, opaque bytes. */
export function toBytes(sample: Float32Array, channels: number, area: number): Uint8ClampedArray {
  const bytes = new Uint8ClampedArray(4 * area);
  for (let pixel = 0; pixel < area; pixel++) {
    for (let part = 0; part < 3; part++) {
      const plane = channels >= 3 ? part : 0;
      bytes[4 * pixel + part] = Math.round((sample[plane * area + pixel] + 1) * 127.5);
    }
    bytes[4 * pixel + 3] = 255;
  }
  return bytes;
}

/** The `index`-th of samples that lie one after another. */
export function nth(samples: Float32Array, index: number, size: number): Float32Array {
  return samples.subarray(index * size, (index + 1) * size);
}

/** Numbers in one sample. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
