/**
 * uPlot draws 10⁵ points in milliseconds, which no chart library with more comfort does.
 *
 * It is fetched for the first chart and begins in a task of its own: it asks `Intl` at once how numbers and times are written, which takes as long as all else that the page begins with.
 */
import type uPlot from 'uplot';

export type Plotter = typeof uPlot;

let loading: Promise<Plotter> | null = null;

export function plotter(): Promise<Plotter> {
  loading ??= import('uplot').then((module) => module.default);
  return loading;
}
