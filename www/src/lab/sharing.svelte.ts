/** What is copied out of the lab, by button or by key, and what became of it. */
import { type Saying, language, silence } from '../words/language.svelte';
import type { Lab } from './lab.svelte';

/** How long it is told where the eye is; beside the buttons it stays. */
const TOLD_MS = 5000;

export class Sharing {
  said = $state.raw<Saying>(silence);
  /** Whether that is new. */
  fresh = $state(false);
  #lab: Lab;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Whether the run fits into an address: a person's own points do not. */
  get possible(): boolean {
    return this.#lab.config.data !== 'points';
  }

  async copyLink(): Promise<void> {
    // The address bar is behind for a moment as one comes from another room.
    if (this.possible) await this.#copy(new URL(this.#lab.link ?? location.hash, location.href).href, () => language.words.lab.files.linkCopied);
    else this.#tell(() => language.words.lab.files.noLink);
  }

  copyCommand(): Promise<void> {
    return this.#copy(this.#lab.commandLine(), () => language.words.lab.files.commandCopied);
  }

  async #copy(text: string, done: Saying): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#tell(done);
    } catch {
      this.#tell(() => language.words.lab.files.notCopied(text));
    }
  }

  #tell(saying: Saying): void {
    [this.said, this.fresh] = [saying, true];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.fresh = false), TOLD_MS);
  }
}
