/** Which video a browser can encode: VP9 where it can, else VP8. */
import { FPS } from './messages';

/** Pixels of a side. */
export const WEBM_SIDE = 720;
/** Many small marks move at once: this keeps them sharp. */
const BITS_PER_SECOND = 6_000_000;
/** As WebCodecs names them and as WebM does. */
const CODECS = [
  { codec: 'vp09.00.31.08', name: 'V_VP9' },
  { codec: 'vp8', name: 'V_VP8' },
];

export interface Codec {
  name: string;
  config: VideoEncoderConfig;
}

/** Null where the browser encodes neither. */
export async function videoCodec(): Promise<Codec | null> {
  if (typeof VideoEncoder === 'undefined' || typeof OffscreenCanvas === 'undefined') return null;
  for (const { codec, name } of CODECS) {
    const config: VideoEncoderConfig = { codec, width: WEBM_SIDE, height: WEBM_SIDE, framerate: FPS, bitrate: BITS_PER_SECOND, latencyMode: 'quality' };
    // A browser that does not know the name throws.
    const answer = await VideoEncoder.isConfigSupported(config).catch(() => null);
    if (answer?.supported) return { name, config };
  }
  return null;
}
