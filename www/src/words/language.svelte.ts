/**
 * The language of the page. Whatever reads `language.words` in a template or a `$derived` follows the language at once.
 *
 * English is part of the page; another table is fetched when it is chosen. No library does it: a table is a plain object of the English one's type, so that a missing string
 * does not compile, and a string with numbers in it is a function, which knows the plurals of its language.
 */
import { type Words, en } from './en';

/** Something said that follows the language also after it was said. */
export type Saying = () => string;
export const silence: Saying = () => '';

interface Known {
  /** As its readers call it. */
  name: string;
  /** As `lang` attributes have it. */
  tag: string;
  words(): Promise<Words>;
}

export const LANGUAGES = {
  en: { name: 'English', tag: 'en', words: async () => en },
  zh: { name: '中文', tag: 'zh-Hans', words: async () => (await import('./zh')).zh },
} satisfies Record<string, Known>;

export type Code = keyof typeof LANGUAGES;

const KEY = 'sparring.language';

/** The first of somebody's languages that the page speaks, whatever its region; null where there is none. */
export function preferred(wanted: readonly string[]): Code | null {
  const codes = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return codes.find((code): code is Code => Object.hasOwn(LANGUAGES, code)) ?? null;
}

/** What an address asks for: `#lab?lang=zh`. */
function inAddress(hash: string): string[] {
  const wanted = new URLSearchParams(hash.split('?')[1]).get('lang');
  return wanted === null ? [] : [wanted];
}

/** A browser may keep nothing for a page: then the choice lasts as long as the page. */
function remembered(): string[] {
  try {
    const code = localStorage.getItem(KEY);
    return code === null ? [] : [code];
  } catch {
    return [];
  }
}

function remember(code: Code): void {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // As above.
  }
}

class Language {
  code = $state<Code>('en');
  words = $state.raw<Words>(en);
  #wanted: Code = 'en';

  /** Speaks what the address, an earlier choice, or the browser asks for, in this order. */
  start(hash: string): Promise<boolean> {
    return this.#speak(preferred([...inAddress(hash), ...remembered(), ...navigator.languages]) ?? 'en');
  }

  /** Speaks what an address asks for, if it does; that is not remembered. */
  async heed(hash: string): Promise<void> {
    const code = preferred(inAddress(hash));
    if (code) await this.#speak(code);
  }

  /** A person's choice. False where its words could not be fetched: the page goes on in the language before. */
  async choose(code: Code): Promise<boolean> {
    const spoken = await this.#speak(code);
    if (spoken) remember(code);
    return spoken;
  }

  async #speak(code: Code): Promise<boolean> {
    this.#wanted = code;
    const words = await LANGUAGES[code].words().catch(() => null);
    // Of two choices in quick succession the later one holds, whichever arrives first.
    if (!words || this.#wanted !== code) return words !== null;
    [this.code, this.words] = [code, words];
    document.documentElement.lang = LANGUAGES[code].tag;
    document.title = words.page.title;
    return true;
  }
}

export const language = new Language();
