import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { phrasesInComponent, phrasesInScript, wordsInMarkup } from './literals';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const files = (ending: string) => readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending)).sort();
const read = (file: string) => readFileSync(`${SRC}${file}`, 'utf8');

/** What stands in code and is in no language. */
const NO_WORDS: Record<string, string[]> = {
  'App.svelte': ['button, a, summary, input'],
  'film/frame.ts': ["px system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"],
  'lab/units/thumbs.ts': ['12px system-ui, sans-serif'],
  'ui/Chart.svelte': ['px system-ui, sans-serif'],
  'ui/keys.ts': ['input:not([type=checkbox], [type=range]), select, dialog'],
  'ui/motion.ts': ['prefers-reduced-motion: reduce'],
  'ui/svg-pen.ts': ['<svg xmlns="http://www.w3.org/2000/svg" width="', '</title><rect width="100%" height="100%" fill="'],
  'ui/theme.svelte.ts': ['(prefers-color-scheme: dark)'],
};

/** Parts of the engine's own messages, which are English: what it calls a file that has no name, and why a worker cannot be had. */
const ENGINE: Record<string, string[]> = {
  'engine/client.ts': ['the kept checkpoint', 'the worker could not be started', 'the worker ended'],
  'engine/probe.ts': [
    'this browser offers no WebGPU in workers',
    'this browser found no WebGPU adapter',
    'the WebGPU adapter lacks `timestamp-query`',
    'the WebGPU adapter runs',
    'invocations per workgroup;',
    'are needed',
  ],
  'engine/worker.ts': ['this page was built without the'],
  'film/make.ts': ['its worker did not start'],
  'lab/lab.svelte.ts': ['the moment at step', 'the other run'],
};

const KEPT: Record<string, string[]> = { ...NO_WORDS, ...ENGINE };

/** Each text with its file, as the message of a failing test shows it. */
function found(file: string, texts: string[]): string[] {
  return texts.filter((text) => !KEPT[file]?.includes(text)).map((text) => `src/${file}: “${text}” belongs into src/words`);
}

describe('what the page says', () => {
  it('stands in the tables of words, and not in the markup of a component', () => {
    expect(files('.svelte').flatMap((file) => found(file, wordsInMarkup(read(file))))).toEqual([]);
  });

  it('stands in the tables of words, and not in the script of a component', () => {
    expect(files('.svelte').flatMap((file) => found(file, phrasesInComponent(read(file))))).toEqual([]);
  });

  it('stands in the tables of words, and not in the stores', () => {
    const scripts = files('.ts').filter((file) => !/^(words|generated)\//.test(file));
    expect(scripts.flatMap((file) => found(file, phrasesInScript(read(file))))).toEqual([]);
  });

  it('is kept elsewhere only where it still stands there', () => {
    const stands = (file: string) => (file.endsWith('.svelte') ? [...wordsInMarkup(read(file)), ...phrasesInComponent(read(file))] : phrasesInScript(read(file)));
    expect(Object.entries(KEPT).flatMap(([file, texts]) => texts.filter((text) => !stands(file).includes(text)))).toEqual([]);
  });
});

describe('the finder of words', () => {
  it('finds text, labels, titles and the branches of an expression', () => {
    const source = `<h2>Losses</h2> <button aria-label="Zoom in" title={a ? 'More of it' : \`\${b} less\`}>{on ? 'Stop' : 'Play'}</button> <Picker label="Load" />`;
    expect(wordsInMarkup(source)).toEqual(['Losses', 'Zoom in', 'More of it', 'less', 'Stop', 'Play', 'Load']);
  });

  it('lets names, symbols, keys and comparisons alone', () => {
    const source = `<b class="quiet" data-testid="hq">D {kind === 'critic' ? t.one : t['other']} − HQ, rKL</b> <option value="cpu">CPU</option> {#if kind === 'both'}△{/if}`;
    expect(wordsInMarkup(source)).toEqual([]);
  });

  it('finds phrases in scripts, and lets keys and exceptions alone', () => {
    const source = "const a = 'The run ended.'; const row = { key: 'reals', title: 'Reals' }; const b = `step ${n} of the run`; const c = 'leaky_relu'; throw new Error('this cannot be'); import x from 'y z';";
    expect(phrasesInScript(source)).toEqual(['Reals', 'The run ended.', 'of the run']);
  });
});
