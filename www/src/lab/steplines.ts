/** Curves of what each step measured: the raw one pale behind the smoothed one; beside a second run smoothed only, that of B dotted over the steps of A. */
import type { Line } from '../ui/line';
import { language } from '../words/language.svelte';
import type { Curves } from './curves.svelte';
import { type Series, smooth } from './series';

type Key = Curves['losses']['keys'][number];

/** A number that is followed. */
export interface Followed {
  key: Key;
  /** What it is called in the table. */
  title: string;
  ink: string;
  dash?: number[];
}

/** How what belongs to B is drawn, and what is only compared with. */
export const DOTTED = [2, 3];

export function stepLines(curves: Curves, rival: Curves | null, followed: Followed[], smoothing: number): Line[] {
  const { columns } = curves.losses;
  const smoothed = followed.map(({ key, ...line }): Line => ({ ...line, label: key, values: smooth(columns[key], smoothing) }));
  if (!rival) return [...followed.map(({ key, ink }): Line => ({ label: `${key}-raw`, ink, values: columns[key], pale: true })), ...smoothed];
  const ofB = ({ key, title, ink }: Followed): Line => ({ label: `${key}-b`, title: language.words.evidence.ofB(title), ink, dash: DOTTED, values: onAxis(curves.losses.step, rival.losses, smooth(rival.losses.columns[key], smoothing)) });
  return [...smoothed, ...followed.map(ofB)];
}

/** A curve of B at the steps of A. */
function onAxis(steps: number[], series: Series<Key>, values: number[]): (number | null)[] {
  return steps.map((step) => {
    const at = series.at(step);
    return series.step[at] === step ? values[at] : null;
  });
}
