import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { failureLine, failureWords, ownFailure } from '../../src/words/failure';
import { en } from '../../src/words/en';
import { language } from '../../src/words/language.svelte';
import { zh } from '../../src/words/zh';

/** The engine's codes, read where they are given. */
const source = readFileSync(new URL('../../../src/error.rs', import.meta.url), 'utf8');
const CODES = [...(/fn code\(.*?\n {4}\}/s.exec(source)?.[0] ?? '').matchAll(/=> "(\w+)"/g)].map(([, code]) => code);
const refused = { code: 'setting', message: 'setting `r1.start`: must be at least 0 (it is -1)', hint: 'change the setting and try again; nothing was changed' };

afterEach(() => void (language.words = en));

describe('a failure of the engine', () => {
  it('has words of its own in Chinese for every code that the engine knows', () => {
    expect(CODES).toEqual(expect.arrayContaining(['setting', 'file', 'diverged', 'device', 'unready']));
    const said = (code: string) => [zh.failures.message('x', code, ''), zh.failures.hint('x', code)];
    const [unknown, unsaid] = said('not_yet');
    for (const code of CODES) {
      const [message, hint] = said(code);
      expect([message === unknown, hint === unsaid], code).toEqual([false, false]);
      expect(message, code).toMatch(/^\p{Script=Han}.*。$/u);
      expect(hint, code).toMatch(/\p{Script=Han}.*。$/u);
    }
    expect(new Set(CODES.map((code) => said(code)[0])).size).toBe(CODES.length);
  });

  it("is told in English in the engine's words, and nothing twice", () => {
    expect(failureWords(refused)).toEqual({ message: refused.message, hint: refused.hint, detail: '' });
    expect(failureLine(refused)).toBe(refused.message);
  });

  it("is told in Chinese by its code and the setting's title, with the engine's words after it", () => {
    language.words = zh;
    expect(failureWords(refused)).toEqual({ message: '设置项“R1 γ 起始”的值不能用。', hint: '请改动该设置后重试；未作任何更改。', detail: refused.message });
    expect(failureWords({ ...refused, code: 'not_yet', message: 'odd' })).toMatchObject({ message: '出了问题。', detail: 'odd' });
    expect(failureLine(refused)).toBe(`设置项“R1 γ 起始”的值不能用。${refused.message}`);
  });

  it('is not mistaken for one of the page, which speaks its language already', () => {
    language.words = zh;
    const own = ownFailure('setting', '设置项 `seed`：须为整数', '未作任何更改');
    expect(failureWords(own)).toEqual({ message: own.message, hint: own.hint, detail: '' });
    // Programs read both alike.
    expect(own).toEqual({ code: 'setting', message: own.message, hint: own.hint });
    expect(failureWords({ ...own }).detail).toBe(own.message);
  });
});
