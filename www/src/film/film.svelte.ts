/** The film of a run: records looks at the stage while somebody wants it, and has files made of them. */
import type { DataKind, Scene, TrainConfig } from '../generated/types';
import type { Optimum, StageData } from '../lab/stage';
import type { Held, Sight } from '../lab/viewer.svelte';
import type { Inks } from '../ui/theme.svelte';
import { type Saying, language, silence } from '../words/language.svelte';
import { reasonOf } from '../words/reason';
import { makeFilm } from './make';
import type { Format, Look } from './messages';
import { Reel } from './reel';

/** What a film wants to know of the lab. */
export interface Seen {
  viewer: { stage: StageData | null; optimum: Optimum | null; neutral: number; held: Held | null };
  scene: Scene | null;
  config: TrainConfig;
}

/** The run that is filmed; another may stand on the stage by the time the file is made. */
export interface Subject {
  data: DataKind;
  seed: number;
  scene: Scene;
}

export class Film {
  recording = $state(false);
  frames = $state.raw<readonly Look[]>([]);
  subject = $state.raw<Subject | null>(null);
  /** What ended the recording, or came of the file. */
  saying = $state.raw<Saying>(silence);
  complaint = $state.raw<Saying>(silence);
  /** The file that is being made, and how many frames of it are. */
  making = $state.raw<{ format: Format; done: number } | null>(null);
  #reel = new Reel<Look>();
  #cancel = new AbortController();

  /** Empty where nothing is to be said. */
  get note(): string {
    return this.saying();
  }

  get failure(): string {
    return this.complaint();
  }

  /** Begins a new film, with what stands on the stage; the film before is gone. */
  record(seen: Seen): void {
    const { viewer, scene, config } = seen;
    if (!viewer.stage || !scene) return;
    this.#reel = new Reel();
    this.subject = { data: config.data, seed: config.seed, scene };
    [this.saying, this.complaint, this.recording] = [silence, silence, true];
    this.see(seen);
  }

  /** Hears of every look at the stage. */
  see({ viewer: { stage, optimum, neutral, held } }: Seen): void {
    if (!this.recording || !stage) return;
    // Of the best critic only what is drawn is kept.
    const best = optimum && { ...optimum, p: new Float32Array(), q: new Float32Array() };
    const look = { neutral, stage, optimum: best, ...(held ? { held: { layers: held.layers, ground: held.ground, phase: held.phase } } : {}) };
    this.#reel.see(look, performance.now());
    this.frames = this.#reel.frames;
  }

  stop(): void {
    this.#reel.end();
    this.frames = this.#reel.frames;
    this.recording = false;
  }

  /** Hears of a new run: a film shows one. */
  cut(): void {
    if (!this.recording) return;
    this.stop();
    this.saying = () => language.words.film.cut;
  }

  /** Makes the file; null where that was cancelled or failed, which is told. */
  async make(format: Format, { layers, ground }: Sight, inks: Inks): Promise<Uint8Array<ArrayBuffer> | null> {
    const { frames, subject } = this;
    if (!subject || this.making) return null;
    this.#cancel = new AbortController();
    [this.saying, this.complaint, this.making] = [silence, silence, { format, done: 0 }];
    try {
      return await makeFilm(format, frames, { scene: subject.scene, layers: { ...layers }, ground, inks }, this.#cancel.signal, (done) => (this.making = { format, done }));
    } catch (error) {
      const why = reasonOf(error);
      if (this.#cancel.signal.aborted) this.saying = () => language.words.film.cancelled;
      else this.complaint = () => language.words.film.failed(why);
      return null;
    } finally {
      this.making = null;
    }
  }

  cancel(): void {
    this.#cancel.abort();
  }
}
