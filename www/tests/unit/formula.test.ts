import katex from 'katex';
import { describe, expect, it } from 'vitest';
import presets from '../../src/generated/presets.json';
import schema from '../../src/generated/schema.json';
import type { Objective, Preset, TrainConfig } from '../../src/generated/types';
import { pieces } from '../../src/formula/pieces';
import { mathml } from '../../src/formula/tex.svelte';
import { formulasOf, generatorLoss } from '../../src/lab/slow/formulas';
import { prose } from '../../src/lab/units/said';
import { en } from '../../src/words/en';
import { language } from '../../src/words/language.svelte';
import { zh } from '../../src/words/zh';

const CONFIG = (presets as unknown as Preset[])[0].config;
const OBJECTIVES = schema.$defs.Objective.oneOf.map((option) => option.const as Objective);
const configs: TrainConfig[] = OBJECTIVES.flatMap((objective) => [
  { ...CONFIG, objective },
  { ...CONFIG, objective, real_label: 0.9, conditioning: 'semi_supervised' as const },
  { ...CONFIG, objective, adversarial: 0.5, feature_matching: 2 },
]);
const formulas = configs.flatMap((config) => [...Object.values(formulasOf(config)).map((formula) => `L_D = ${formula}`), `L_G = ${generatorLoss(config)}`]);
/** What else slow motion writes, numbers included. */
const LINES = [
  ...['E D(x)', 'R₁ = γ₁/2 · E ‖∇D(x)‖² = 0.1/2 · 1.23·10⁻⁴', 'P = λ E (‖∇D(x̂)‖ − 1)² = 0.1 · 2.000', 'P = λ E (‖∇D(x + δ)‖ − 1)² = 10 · 0.5', 'L_D + R₁ + R₂'],
  ...['L_D = E D(g) − E D(x) = 0.120 − (−0.300)', 'θ_D ← OptimisticAdam(θ_D, ∇(L_D + R₁ + …)), clipped to ±0.01, 5 times', 'θ̄ ← β θ̄ + (1 − β) θ_G', 'η = 0.003', '0.1 → −0.2', '5 × 1,024'],
  ...['g = G(z), z of 2 numbers from U(−√3, √3)', 'σ(t) = 1/(1 + e⁻ᵗ)'],
];
const tex = (text: string) => pieces(text).map((piece) => ('tex' in piece ? piece.tex : `“${piece.words}”`));
const strict = (tex: string) => katex.renderToString(tex, { output: 'mathml', throwOnError: true, strict: 'error' });

describe('a formula', () => {
  it('becomes TeX, cut where a line may break', () => {
    expect(tex('L_D = E sp(−D(x)) + E sp(D(g))')).toEqual(['L_{D}', '=\\mathrm{E}\\,\\operatorname{sp}(\\mathord{-}D(x))', '+\\:\\mathrm{E}\\,\\operatorname{sp}(D(g))']);
    expect(tex('R₁ = γ₁/2 · E ‖∇D(x)‖²')).toEqual(['R_{1}', '=\\gamma _{1}/2\\cdot \\mathrm{E}\\,\\Vert \\nabla D(x)\\Vert ^{2}']);
    expect(tex('θ̄ ← β θ̄')).toEqual(['\\bar{\\theta }', '\\leftarrow \\beta \\,\\bar{\\theta }']);
    expect(tex('−1.23·10⁻⁴')).toEqual(['\\mathord{-}1.23\\cdot 10^{-4}']);
  });

  it('keeps words, in whatever language', () => {
    expect(tex('mean D(x) of those shown')).toEqual(['“mean ”', 'D(x)', '“ of those shown”']);
    expect(tex('所示样本的 D(x) 均值')).toEqual(['“所示样本的 ”', 'D(x)', '“ 均值”']);
    expect(tex('pull of a mark of full size')).toEqual(['“pull of a mark of full size”']);
    expect(tex('1 where D(x) < 1, else 0')).toEqual(['1', '“ where ”', 'D(x)<1', '“, else ”', '0']);
  });

  it('loses nothing of what it says', () => {
    for (const text of [...formulas, ...LINES]) {
      const letters = (of: string) => (of.match(/[\p{Ll}\p{Lu}\p{Lo}\p{N}]/gu) ?? []).length;
      const [words, math] = [pieces(text).flatMap((piece) => ('words' in piece ? [piece.words] : [])), pieces(text).flatMap((piece) => ('tex' in piece ? [piece.tex] : []))];
      const shown = math.map((each) => strict(each).replace(/<annotation.*?<\/annotation>/s, '').replace(/<[^>]*>|&[a-z]+;/g, '').normalize('NFD')).join('');
      // ½ and superscripts are letters of their own in the plain text, and numbers in MathML.
      const plain = text.replaceAll('½', '12').replaceAll('ᵗ', 't').normalize('NFD');
      expect(letters(words.join('')) + letters(shown), text).toBe(letters(plain));
    }
  });

  it('of every objective is TeX that KaTeX takes in full, and no piece is wider than a phone', () => {
    for (const text of [...formulas, ...LINES]) {
      for (const piece of pieces(text)) {
        if (!('tex' in piece)) continue;
        expect(() => strict(piece.tex), text).not.toThrow();
        const drawn = strict(piece.tex).replace(/<annotation.*?<\/annotation>/s, '').replace(/<[^>]*>|\s/g, '');
        expect(drawn.length, `${text}: ${piece.tex}`).toBeLessThanOrEqual(30);
      }
    }
  });

  it('is MathML without styles, which the policy forbids, and without its source', () => {
    for (const text of formulas) for (const piece of pieces(text)) if ('tex' in piece) expect(mathml(katex, piece.tex)).not.toMatch(/\sstyle=|annotation|katex-error/);
    expect(mathml(katex, 'L_{D}')).toContain('<msub>');
  });
});

describe("an objective's help", () => {
  it('has prose before its formulas in every language', () => {
    for (const words of [en, zh]) {
      language.words = words;
      for (const [name, { help }] of Object.entries(words.engine.variants.Objective)) {
        expect(prose(help), name).not.toMatch(/\bE |D[:：]/);
        expect(prose(help).length, name).toBeGreaterThan(10);
        expect(prose(help).length, name).toBeLessThan(help.length);
      }
    }
    language.words = en;
  });
});
