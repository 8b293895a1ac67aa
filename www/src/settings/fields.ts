/** The form of this engine's settings, and what they are called in the page's language. */
import schema from '../generated/schema.json';
import type { DataKind, Objective } from '../generated/types';
import { engine as english, type Said } from '../words/en/engine';
import { language } from '../words/language.svelte';
import { type Schema, fieldsOf } from './form';
import { concerns } from './paths';

export const FIELDS = fieldsOf(schema as Schema);

/** What is said of a setting. A setting newer than a translation is said in English. */
export function settingWords(path: string): Said {
  return language.words.engine.settings[path] ?? english.settings[path] ?? { title: path, help: '' };
}

/** What is said of a value, by the schema's name of its type. */
export function valueWords(type: string, value: string): Said {
  return language.words.engine.variants[type]?.[value] ?? english.variants[type]?.[value] ?? { title: value, help: '' };
}

export function sectionTitle(section: string): string {
  return language.words.engine.sections[section] ?? section;
}

/** A method in a sentence. */
export function methodWords(name: string): string {
  return language.words.engine.methods[name] ?? english.methods[name] ?? '';
}

/** What a setting is called by itself: `R1 γ start` for `r1.start`. */
export function titleOf(path: string): string {
  const field = FIELDS.find((field) => concerns(path, field.path));
  const { title } = settingWords(path);
  return field && field.path !== path ? language.words.settings.part(settingWords(field.path).title, title) : title;
}

/** Whether the form has the setting of this name, or one that belongs to it. */
export function inForm(name: string | null): boolean {
  return name !== null && FIELDS.some((field) => concerns(field.path, name));
}

/** The logit at which the optimal critic of an objective is undecided; null where a critic is known only up to a constant. */
export function neutralOf(objective: Objective): number | null {
  const variants: Schema[] = schema.$defs.Objective.oneOf;
  return variants.find((variant) => variant.const === objective)?.['x-neutral'] ?? null;
}

/** All data sets. */
export const DATA_KINDS = schema.$defs.DataKind.oneOf.map((variant) => variant.const as DataKind);

/** What a data set is called, and what it is. */
export function dataWords(data: DataKind): Said {
  return valueWords('DataKind', data);
}
