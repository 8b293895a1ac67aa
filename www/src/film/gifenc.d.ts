/** The part of gifenc that is used; it ships without types. */
declare module 'gifenc' {
  type Colour = [number, number, number];

  interface FrameOptions {
    /** The first frame's palette is that of all which have none. */
    palette?: Colour[];
    /** Milliseconds, in steps of ten. */
    delay?: number;
    /** 0 is for ever. */
    repeat?: number;
  }

  export function GIFEncoder(): {
    writeFrame(indices: Uint8Array, width: number, height: number, options?: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  };

  export function nearestColorIndex(palette: Colour[], colour: Colour): number;
}
