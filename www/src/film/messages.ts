/** What the page and the worker that makes films say to each other. */
import type { Style } from '../lab/compose';
import type { Seen } from '../lab/ground';
import type { Held } from '../lab/viewer.svelte';

export type { Style };

/** Frames a second when a film is shown. */
export const FPS = 20;

export type Format = 'gif' | 'webm';

/** A look at the stage, and what was true at that moment. */
export interface Look extends Seen {
  /** How it was drawn and in which order, where something was told. */
  held?: Pick<Held, 'layers' | 'ground' | 'phase'>;
}

/** One film: `begin`, its frames, `end`. Each order is answered once before the next is given, so no more than one frame lies in the worker. */
export type Order = { do: 'begin'; format: Format; style: Style } | { do: 'frame'; look: Look; label: string; last: boolean } | { do: 'end' };

export type Answer = { done: true } | { film: Uint8Array<ArrayBuffer> } | { failed: string };
