/** On a phone the parts of the lab below the stage take turns: which they are, and which of them is shown, also when one comes back from another room. */
import { MediaQuery } from 'svelte/reactivity';

export const TABS = ['run', 'looks', 'evidence', 'model', 'settings', 'files'] as const;
export type Tab = (typeof TABS)[number];

/** One column; the same width as in the styles. */
const narrow = new MediaQuery('max-width: 640px');

class Tabs {
  chosen = $state<Tab>('run');

  /** Whether there are any. */
  get on(): boolean {
    return narrow.current;
  }
}

export const tabs = new Tabs();
