/**
 * A run as an address and as a command line: a method, data, and what differs from that method on those data.
 *
 * `#lab?method=lsgan&data=moons&seed=5&lr.start=0.002&v=0.1.0`. Settings are `key=value` as `--set` takes them; the engine reads and checks them. `hide=settings,files`
 * takes parts of the page away, for lessons; `b=ttur=1`, once for each, trains a second run beside it that differs so; `lang=zh` is the page's language, and none of the run's
 * business. A person's own points do not fit into an address.
 */
import type { DataKind, TrainConfig } from '../generated/types';
import { differences, valueAt, written } from '../settings/paths';
import { VERSION } from '../version';

/** Parts of the page that a link can hide. */
export const PARTS = ['data', 'method', 'device', 'evidence', 'model', 'settings', 'files'] as const;
export type Part = (typeof PARTS)[number];

export interface Link {
  method: string;
  data: DataKind;
  /** `key=value`. */
  settings: string[];
  hide: string[];
  /** Changes of a second run B beside it: `key=value`. */
  rival: string[];
  /** The version that made it; empty where it does not say. */
  version: string;
}

/** What is read from an address; null where it names no more than a room and a language. Names are checked by the engine. */
export function readLink(hash: string, first: { method: string; data: DataKind }): Link | null {
  const query = hash.split('?')[1];
  if (!query) return null;
  const said = new URLSearchParams(query);
  said.delete('lang');
  if (said.size === 0) return null;
  const { method = first.method, data = first.data, hide = '', v = '', b: _, ...settings } = Object.fromEntries(said);
  const list = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return { method, data: data as DataKind, settings: list, hide: hide.split(',').filter(Boolean), rival: said.getAll('b'), version: v };
}

/** The address of a run whose method on its data is `base`; a page as it opens has none but the room's. */
export function linkTo(run: { method: string; base: TrainConfig; config: TrainConfig; hide: readonly string[]; rival: TrainConfig | null }, first: { method: string; data: DataKind }): string {
  const { method, base, config, hide, rival } = run;
  if (config.data === 'points') return '#lab';
  const query = new URLSearchParams();
  if (method !== first.method) query.set('method', method);
  if (config.data !== first.data) query.set('data', config.data);
  for (const [key, value] of changes(base, config)) query.set(key, value);
  if (hide.length > 0) query.set('hide', hide.join());
  for (const change of rival ? settingsOf(config, rival) : []) query.append('b', change);
  const said = query.toString();
  return said ? `#lab?${said}&v=${VERSION}` : '#lab';
}

/** The same run in a terminal. */
export function commandLine(run: { method: string; base: TrainConfig; config: TrainConfig }): string {
  const { method, base, config } = run;
  const set = [`data=${config.data}`, ...settingsOf(base, config)].map((change) => `--set ${change}`);
  const file = config.data === 'points' ? ['--data', 'FILE.csv'] : [];
  return ['sparring', 'train', method, ...set, ...file].join(' ');
}

/** What makes one config of another, as `--set` takes it: `key=value`. */
export function settingsOf(base: TrainConfig, config: TrainConfig): string[] {
  return changes(base, config).map((change) => change.join('='));
}

function changes(base: TrainConfig, config: TrainConfig): [string, string][] {
  const paths = differences(base, config).filter((path) => path !== 'data' && path !== 'points');
  return paths.map((path) => [path, written(valueAt(config, path))]);
}
