/** What the engine's settings, values, methods and data are called in the page's language. What is newer than a translation is said in English. */
import type { DataKind } from '../generated/types';
import { type Said, engine as english } from '../words/en/engine';
import { language } from '../words/language.svelte';
import { FIELDS } from './fields';
import { concerns } from './paths';

/** What is said of a setting, by its dotted name. */
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

/** What a data set is called, and what it is. */
export function dataWords(data: DataKind): Said {
  return valueWords('DataKind', data);
}
