/** What a restart needs to know of the engine that died, learnt from its events. */
import type { Command, TrainConfig } from '../generated/types';
import type { Reply } from './messages';

/** What an event answers. */
export interface Asked {
  command: Command | null;
  buffer?: Uint8Array | undefined;
  own: boolean;
}

export class Memory {
  /** The settings of the run; null before there is one. */
  config: TrainConfig | null = null;
  /** The newest checkpoint of the run. */
  kept: { bytes: Uint8Array; images: number } | null = null;
  /** When it was kept, in milliseconds. */
  keptAt = 0;
  /** Loaded weights. */
  weights: { name: string; bytes: Uint8Array } | null = null;
  playing = false;
  /** Whether the run met a number that is not finite; what is kept then is the last that was good. */
  diverged = false;

  /** Takes in an event, with the command that it answers, the file that went with it, and whether the client asked: only its own checkpoints are kept, which are some seconds old. */
  learn({ event, buffers }: Reply, { command, buffer: file, own }: Asked, now: number): void {
    if (event.type === 'started') {
      this.config = event.config;
      // A tuned run goes on as it did; one that was reset or loaded stands still.
      if (command?.type === 'tune') return;
      [this.diverged, this.playing] = [false, false];
      if (command?.type === 'reset') this.kept = null;
      if (command?.type === 'load' && file) this.kept = { bytes: file, images: event.images };
    } else if (event.type === 'progress') {
      this.playing = event.playing;
    } else if (event.type === 'checkpoint' && own && !this.diverged && buffers[0] instanceof Uint8Array) {
      this.kept = { bytes: buffers[0], images: event.images };
      this.keptAt = now;
    } else if (event.type === 'weights' && command?.type === 'load_weights' && file) {
      this.weights = { name: command.name, bytes: file };
    } else if (event.type === 'failed' && event.failure.code === 'diverged' && command?.type !== 'try') {
      [this.diverged, this.playing] = [true, false];
    }
  }

  /** Lets go of the run; weights stay. */
  forget(): void {
    [this.config, this.kept, this.playing, this.diverged] = [null, null, false, false];
  }
}
