import { describe, expect, it } from 'vitest';
import presets from '../../src/generated/presets.json';
import schema from '../../src/generated/schema.json';
import { dataWords, methodWords, settingWords, titleOf, valueWords } from '../../src/settings/said';
import { namedIn } from '../../src/settings/paths';
import { en } from '../../src/words/en';
import { LANGUAGES, language, preferred } from '../../src/words/language.svelte';
import { numbersIn } from '../../src/words/numbers';
import { zh } from '../../src/words/zh';

/** What reads the same in English and Chinese: names of methods, functions and measures, and symbols. */
const NAMES = new Set([
  ...['Leaky ReLU', 'ReLU', 'ELU', 'tanh', 'Swish', 'MLP', 'DCGAN', 'R3GAN', 'MNIST', 'Fashion-MNIST', 'KMNIST', 'CIFAR-10', 'CIFAR-100', 'WGAN-GP', 'DRAGAN', 'DiffAugment', 'ADA', 'Wasserstein (WGAN)', 'KL f-GAN', 'Adam', 'AdamW', 'RMSprop', 'SGD', 'TTUR'],
  ...['HQ', 'JS', 'KL(p‖q)', 'KL(q‖p)', 'TV', 'W1', 'MMD²', 'D', 'D − D*', 'R1 γ', 'R2 γ', 'β₂', ''],
]);

type Leaf = string | ((...given: never[]) => string);

/** Every string, and every function of strings, by its place in the table. */
function leaves(value: unknown, at = ''): [string, Leaf][] {
  if (typeof value === 'string' || typeof value === 'function') return [[at, value as Leaf]];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, at ? `${at}.${key}` : key));
}

/** What a string says; a function is asked with arguments that suit most of them. */
function said(leaf: Leaf, given: unknown[]): string {
  return typeof leaf === 'string' ? leaf : (leaf as (...given: unknown[]) => string)(...given);
}

/** Arguments of the functions that take more than numbers and names. */
const GIVEN: Record<string, unknown[]> = {
  'lab.pointsRead': ['mine.csv', 60, 2],
  'stage.summary.sentence': [['1', '2']],
  'page.sentences': [['1', '2']],
  'evidence.players.text': ['A', 3, ['1', '2']],
  'evidence.quality.text': ['W1', 3, '1.5', ['1', '2']],
  'evidence.coverage.text': [2, [[0.5, 0.5], [0.25, 0.5]]],
  'doctor.why': ['mode_collapse', 'G need only please this D.'],
  'model.reasons.norm': ['Batch norm'],
  'failures.message': ['the file is not one', 'file', ''],
  'failures.hint': ['choose another', 'file'],
  'slow.notes.together': ['Simultaneous'],
  'slow.notes.noObjective': ['Feature matching'],
  'slow.signs.update': ['Learning rate'],
  'latent.about': [5, 2, [1, 28, 28], 7],
};
const given = (path: string) => GIVEN[path] ?? [7, 8, 9];
/** Numbers and what is put together of other strings are said in signs alone. */
const SIGNS = /^(numbers\..*|settings\.part|evidence\.quality\.help|stage\.summary\.sentence|page\.sentences|doctor\.(finding|evidence|and))$/;

const [english, chinese] = [leaves(en), leaves(zh)];

describe('the tables of words', () => {
  it('have the same strings in English and Chinese, none missing and none left over', () => {
    const places = (table: typeof english) => table.map(([path]) => path).sort();
    expect(places(chinese)).toEqual(places(english));
    const functions = (table: typeof english) => table.filter(([, leaf]) => typeof leaf === 'function').map(([path]) => path).sort();
    expect(functions(chinese)).toEqual(functions(english));
  });

  it('say nothing in English in the Chinese one, except names', () => {
    const same = new Map(english);
    const untranslated = chinese.filter(([path, leaf]) => {
      const text = said(leaf, given(path));
      return !SIGNS.test(path) && !NAMES.has(text) && (text === said(same.get(path) as Leaf, given(path)) || !/\p{Script=Han}/u.test(text));
    });
    expect(untranslated.map(([path, leaf]) => `${path}: ${said(leaf, given(path))}`)).toEqual([]);
  });

  it('use all that they are given, in every language', () => {
    const marks = ['71', '72', '73', '74'];
    const use = ([path, leaf]: [string, Leaf]) => {
      if (typeof leaf === 'string' || GIVEN[path]) return [];
      const text = said(leaf, marks.map(Number));
      return [`${path}: ${marks.filter((mark) => text.includes(mark)).join()}`];
    };
    // Only English has plurals, which need a number that is said elsewhere.
    expect(chinese.flatMap(use)).toEqual(english.flatMap(use));
  });

  it('declare no name that is not needed', () => {
    const texts = new Set(chinese.map(([path, leaf]) => said(leaf, given(path))));
    expect([...NAMES].filter((name) => !texts.has(name))).toEqual([]);
  });

  it('end Chinese sentences in Chinese marks', () => {
    const ends = chinese.map(([path, leaf]) => [path, said(leaf, given(path))]).filter(([, text]) => /\p{Script=Han}[,.:;!?]/u.test(text));
    expect(ends).toEqual([]);
  });
});

describe("the engine's settings, values, methods and data", () => {
  it('have words for everything in the schema and the presets', () => {
    const variants = Object.entries(schema.$defs).flatMap(([type, definition]) => ('oneOf' in definition ? definition.oneOf.map((option) => `${type}.${option.const}`) : []));
    const ofValues = Object.entries(zh.engine.variants).flatMap(([type, values]) => Object.keys(values).map((value) => `${type}.${value}`));
    expect(ofValues.sort()).toEqual(variants.sort());
    expect(Object.keys(zh.engine.methods).sort()).toEqual(presets.filter(({ method }) => method).map(({ name }) => name).sort());
    const top = Object.keys(schema.properties);
    expect(top.filter((name) => !(name in zh.engine.settings))).toEqual([]);
    const sections = Object.values(schema.properties).flatMap((property) => ('x-section' in property ? [property['x-section']] : []));
    expect([...new Set(sections)].filter((section) => !zh.engine.sections[section])).toEqual([]);
  });

  it('keep their formulas, years and numbers in Chinese', () => {
    const numbers = (text: string) => (text.match(/(?:19|20)\d\d|\d?\.\d+|1e-\d/g) ?? []).sort();
    const helps = (words: typeof en) => leaves(words.engine).map(([path, leaf]) => [path, numbers(leaf as string)]);
    expect(Object.fromEntries(helps(zh))).toEqual(Object.fromEntries(helps(en)));
  });

  it('are said in the language of the page', () => {
    expect([dataWords('moons').title, methodWords('lsgan'), settingWords('lr').title, titleOf('r1.start'), valueWords('Objective', 'hinge').title]).toEqual([
      'Moons',
      'Mao 2017: least squares',
      'Learning rate',
      'R1 γ start',
      'Hinge',
    ]);
    language.words = zh;
    try {
      expect([dataWords('moons').title, methodWords('lsgan'), settingWords('lr').title, titleOf('r1.start'), valueWords('Objective', 'hinge').title]).toEqual([
        '双月',
        'Mao 2017：最小二乘',
        '学习率',
        'R1 γ 起始',
        '合页',
      ]);
      // What is newer than the translation is said all the same.
      expect(settingWords('not_yet')).toEqual({ title: 'not_yet', help: '' });
    } finally {
      language.words = en;
    }
  });

  it("are found in the page's complaints, whatever the language", async () => {
    for (const { words } of Object.values(LANGUAGES)) {
      const { settings, lab } = await words();
      expect([settings.notANumber('lr.start'), settings.notWhole('batch', 1.5), lab.seedRange(9)].map(namedIn)).toEqual(['lr.start', 'batch', 'seed']);
    }
  });
});

describe('the language', () => {
  it('is the first of the wanted ones that the page speaks', () => {
    expect(preferred(['zh-CN', 'en'])).toBe('zh');
    expect(preferred(['fr-FR', 'en-GB', 'zh'])).toBe('en');
    expect(preferred(['ZH-Hant-TW'])).toBe('zh');
    expect(preferred(['fr', 'constructor', ''])).toBeNull();
  });

  it('writes its numbers', () => {
    const [a, b] = [numbersIn('\u00a0%'), numbersIn('%')];
    expect([a.whole(1234567.8), a.percent(0.9889), a.loss(0.69314), a.loss(-12345)]).toEqual(['1,234,568', '98.9\u00a0%', '0.693', '-1.2e+4']);
    expect([b.whole(1234567.8), b.percent(0.9889)]).toEqual(['1,234,568', '98.9%']);
    const intl = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
    for (const n of [0, 7, 999, 1000, 12345, 999999, 1e6, -1234.5, 2 ** 53 - 1]) expect(a.whole(n)).toBe(intl.format(Math.round(n)));
  });
});
