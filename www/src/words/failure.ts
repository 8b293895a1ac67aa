/** Failures in the page's language: the page's own speak it from the start; the engine's are English, and are said by their code, with the engine's words after it. */
import type { Failure } from '../generated/types';
import { namedIn } from '../settings/paths';
import { titleOf } from '../settings/said';
import { language } from './language.svelte';

/** Those that the page tells of by itself. The engine's type has no room to say so, and programs read both alike. */
const own = new WeakSet<Failure>();

export function ownFailure(code: string, message: string, hint: string): Failure {
  const failure = { code, message, hint };
  own.add(failure);
  return failure;
}

export interface Told {
  message: string;
  hint: string;
  /** The engine's own words, where they are not said above. */
  detail: string;
}

/** Whatever calls this in a template or a `$derived` follows the language. */
export function failureWords(failure: Failure): Told {
  const { code, message, hint } = failure;
  if (own.has(failure)) return { message, hint, detail: '' };
  const named = namedIn(message);
  const said = language.words.failures.message(message, code, named === null ? '' : titleOf(named));
  return { message: said, hint: language.words.failures.hint(hint, code), detail: said === message ? '' : message };
}

/** In one line. */
export function failureLine(failure: Failure): string {
  const { message, detail } = failureWords(failure);
  return language.words.page.sentences([message, detail]);
}
