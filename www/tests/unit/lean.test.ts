import { describe, expect, it } from 'vitest';
import { leanPresets, leanScenes } from '../../lean';
import presets from '../../src/generated/presets.json';
import scenes from '../../src/generated/scenes.json';

const numbers = (value: unknown): number[] => (typeof value === 'number' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : []);

describe('the built page', () => {
  it('has thumbnails of the same numbers in 32 bits, written in half the letters', () => {
    const lean = leanScenes(scenes);
    // A zero has no sign in JSON.
    const rounded = (value: unknown) => numbers(value).map((number) => Math.fround(number) + 0);
    expect(rounded(lean)).toEqual(rounded(scenes));
    expect(JSON.stringify(lean).length).toBeLessThan(JSON.stringify(scenes).length / 2);
    expect(Object.keys(lean as object)).toEqual(Object.keys(scenes));
  });

  it('has every method by name and in words, and the settings of the first preset alone', () => {
    const [first, ...others] = leanPresets(presets) as typeof presets;
    expect(first).toEqual(presets[0]);
    const methods = presets.filter(({ method }) => method);
    expect(others.map(({ name, summary, changes }) => ({ name, summary, changes }))).toEqual(methods.map(({ name, summary, changes }) => ({ name, summary, changes })));
    expect(others.some((preset) => 'config' in preset)).toBe(false);
  });
});
