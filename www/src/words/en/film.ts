/** The film of a run. */
import { numbers } from './numbers';

const { whole } = numbers;

export const film = {
  title: 'Film',
  record: 'Record film',
  stop: 'Stop recording',
  cancel: 'Cancel',
  noWebm: 'This browser cannot encode WebM.',
  making: (format: string) => `Making the ${format}`,
  extent: (frames: number, from: number, to: number) => `${frames} ${frames === 1 ? 'frame' : 'frames'}, steps ${whole(from)} to ${whole(to)}`,
  recording: (extent: string) => `Recording: ${extent}.`,
  ready: (extent: string, seconds: string) => `${extent}, ${seconds} s, drawn with the layers that are on.`,
  still: 'Nothing moved while it was recorded: train while it records.',
  help: (most: number) => `Keeps what the stage shows while it trains, as GIF or WebM: at most ${most} frames, evenly spaced, of a run of any length.`,
  cut: 'A new run began, and the recording ended with the run before.',
  cancelled: 'Cancelled; the recording is kept.',
  failed: (why: string) => `The film could not be made: ${why}. The recording is kept; try the other format.`,
  /** In a corner of each frame. */
  label: (step: number, images: number) => `step ${whole(step)} · ${whole(images)} images`,
};
