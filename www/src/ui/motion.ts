/** Whether somebody's system asks for less motion; what reads `still.current` in a template follows it. */
import { MediaQuery } from 'svelte/reactivity';

export const still = new MediaQuery('prefers-reduced-motion: reduce');
