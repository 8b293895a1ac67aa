/**
 * WebM files of one video track: EBML elements, each an identifier, a size and a content (RFC 8794, RFC 9559). Written here because the small library for it
 * (webm-muxer) is no longer maintained and its successor (mediabunny) has another licence. All sizes are known, since the film lies in memory.
 */

export interface Chunk {
  ms: number;
  key: boolean;
  bytes: Uint8Array;
}

/** As WebCodecs names them. */
export type Colour = Pick<VideoColorSpaceInit, 'matrix' | 'transfer' | 'primaries' | 'fullRange'>;

export interface Track {
  /** `V_VP8` or `V_VP9`. */
  codec: string;
  side: number;
  fps: number;
  /** How RGB became what is encoded; null where the encoder does not say. */
  colour: Colour | null;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Numbers that video standards give to colour spaces (ITU-T H.273); 2 is "not said". */
const MATRIX: Record<string, number> = { rgb: 0, bt709: 1, bt470bg: 5, smpte170m: 6, 'bt2020-ncl': 9 };
const TRANSFER: Record<string, number> = { bt709: 1, smpte170m: 6, linear: 8, 'iec61966-2-1': 13, pq: 16, hlg: 18 };
const PRIMARIES: Record<string, number> = { bt709: 1, bt470bg: 5, smpte170m: 6, bt2020: 9, smpte432: 12 };

/** The file. Each cluster begins with a key frame, and the cues before them say where; chunks come in order and begin with a key frame. */
export function webmFile(track: Track, chunks: readonly Chunk[]): Bytes {
  const duration = ((chunks.at(-1)?.ms ?? 0) * track.fps + 1000) / track.fps;
  const head = joined([information(duration), tracks(track)]);
  const clusters = clustered(chunks);
  // All of their numbers have four bytes: where they point does not change how long they are.
  const begin = head.length + cues(clusters, 0).length;
  const segment = element(0x18538067, head, cues(clusters, begin), ...clusters.map(({ bytes }) => bytes));
  return joined([header(), segment]);
}

function header(): Bytes {
  const sizes = [uint(0x4286, 1), uint(0x42f7, 1), uint(0x42f2, 4), uint(0x42f3, 8)];
  return element(0x1a45dfa3, ...sizes, text(0x4282, 'webm'), uint(0x4287, 4), uint(0x4285, 2));
}

/** Times are in milliseconds. */
function information(duration: number): Bytes {
  return element(0x1549a966, uint(0x2ad7b1, 1_000_000), float(0x4489, duration), text(0x4d80, 'sparring'), text(0x5741, 'sparring'));
}

function tracks({ codec, side, fps, colour }: Track): Bytes {
  const video = element(0xe0, uint(0xb0, side), uint(0xba, side), ...(colour ? [colours(colour)] : []));
  const [number, uid, isVideo, unlaced] = [uint(0xd7, 1), uint(0x73c5, 1), uint(0x83, 1), uint(0x9c, 0)];
  return element(0x1654ae6b, element(0xae, number, uid, isVideo, unlaced, text(0x86, codec), uint(0x23e383, Math.round(1e9 / fps)), video));
}

function colours({ matrix, transfer, primaries, fullRange }: Colour): Bytes {
  const code = (table: Record<string, number>, name: string | null | undefined) => table[name ?? ''] ?? 2;
  return element(0x55b0, uint(0x55b1, code(MATRIX, matrix)), uint(0x55b9, fullRange ? 2 : 1), uint(0x55ba, code(TRANSFER, transfer)), uint(0x55bb, code(PRIMARIES, primaries)));
}

interface Cluster {
  ms: number;
  bytes: Bytes;
}

function clustered(chunks: readonly Chunk[]): Cluster[] {
  const starts = chunks.flatMap(({ key }, i) => (key ? [i] : []));
  return starts.map((start, i) => {
    const { ms } = chunks[start];
    const blocks = chunks.slice(start, starts[i + 1]).map((chunk) => block(chunk, ms));
    return { ms, bytes: element(0x1f43b675, uint(0xe7, ms), ...blocks) };
  });
}

/** A frame of track 1, its time counted from the cluster's in 16 bits. */
function block({ ms, key, bytes }: Chunk, from: number): Bytes {
  const since = ms - from;
  return element(0xa3, Uint8Array.of(0x81, since >> 8, since, key ? 0x80 : 0), bytes);
}

/** Where each cluster begins, counted from the segment's content. */
function cues(clusters: readonly Cluster[], begin: number): Bytes {
  let at = begin;
  const points = clusters.map(({ ms, bytes }) => {
    const point = element(0xbb, uint(0xb3, ms), element(0xb7, uint(0xf7, 1), uint(0xf1, at)));
    at += bytes.length;
    return point;
  });
  return element(0x1c53bb6b, ...points);
}

// -- elements -------------------------------------------------------------------------------------------------------------------------------

function element(id: number, ...content: Uint8Array[]): Bytes {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  // A size of four bytes begins with the bits 0001.
  return joined([identifier(id), four(0x10000000 + size), ...content]);
}

function identifier(id: number): Bytes {
  const bytes = four(id);
  return bytes.subarray(bytes.findIndex((byte) => byte > 0));
}

function uint(id: number, value: number): Bytes {
  return element(id, four(value));
}

function float(id: number, value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return element(id, bytes);
}

function text(id: number, value: string): Bytes {
  return element(id, new TextEncoder().encode(value));
}

function four(value: number): Bytes {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function joined(parts: readonly Uint8Array[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
