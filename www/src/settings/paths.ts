/** Settings by dotted name, as `--set` and the engine's messages name them. */
import type { TrainConfig } from '../generated/types';

export type Leaf = number | string;

/** The value of `path`: a leaf, or an object for a group such as `lr`. */
export function valueAt(config: TrainConfig, path: string): unknown {
  let value: unknown = config;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}

/** A value as `--set` takes it; a list of lists is `a:b,c:d`. */
export function written(value: unknown): string {
  return Array.isArray(value) ? value.map((part) => (Array.isArray(part) ? part.join(':') : part)).join() : String(value);
}

/** A copy with the setting changed. */
export function withValue(config: TrainConfig, path: string, value: unknown): TrainConfig {
  const copy = structuredClone(config);
  const keys = path.split('.');
  const last = keys.pop() as string;
  let place = copy as unknown as Record<string, unknown>;
  for (const key of keys) place = place[key] as Record<string, unknown>;
  place[last] = structuredClone(value);
  return copy;
}

/** The names of all leaves; a list is one. */
export function leaves(value: unknown, prefix = ''): string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [prefix];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, prefix ? `${prefix}.${key}` : key));
}

/** The leaves in which two configs differ. */
export function differences(a: TrainConfig, b: TrainConfig): string[] {
  return leaves(a).filter((path) => !same(valueAt(a, path), valueAt(b, path)));
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && JSON.stringify(a) === JSON.stringify(b));
}

/** The draft after the run's settings went from `before` to `after`: what was edited and not applied yet stays edited. */
export function rebase(draft: TrainConfig, before: TrainConfig, after: TrainConfig): TrainConfig {
  const edited = differences(draft, before);
  return edited.reduce((config, path) => withValue(config, path, valueAt(draft, path)), structuredClone(after));
}

/** The setting that a message is about, if it names one: the engine's, or the page's in any of its languages. */
export function namedIn(message: string): string | null {
  return /(?:setting|设置项) `([^`]+)`/.exec(message)?.[1] ?? null;
}

/** Whether `path` is `name` itself, or one belongs to the other (`lr` and `lr.start`). */
export function concerns(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`);
}
