import { describe, expect, it } from 'vitest';
import presets from '../../src/generated/presets.json';
import schema from '../../src/generated/schema.json';
import type { Preset, Schedule } from '../../src/generated/types';
import { type GroupField, type Schema, fieldsOf } from '../../src/settings/form';
import { ladderOf, stepped } from '../../src/settings/ladder';
import { differences, withValue } from '../../src/settings/paths';
import { climbed, told } from '../../src/settings/schedules';

const fields = fieldsOf(schema as Schema);
const ring8 = (presets as unknown as Preset[])[0].config;
const group = (path: string) => fields.find((field) => field.path === path) as GroupField;
const range = { whole: false, min: 0, max: 1e6 };

/** What comes of so many steps, each from the one before. */
function climb(from: number, steps: number, up: boolean, fallback: number, within = range): number[] {
  const ladder = ladderOf(within, fallback);
  if (!ladder) throw new Error('no ladder');
  const found = [from];
  for (let i = 0; i < steps; i++) found.push(stepped(found[i], up, ladder, within));
  return found.slice(1);
}

describe('the ladder', () => {
  it('goes 1, 3, 10 in both ways, from wherever it is entered', () => {
    expect(climb(1e-4, 5, true, 0.003)).toEqual([3e-4, 1e-3, 3e-3, 1e-2, 3e-2]);
    expect(climb(0.05, 3, false, 0.003)).toEqual([0.03, 0.01, 0.003]);
    expect(climb(0.002, 1, true, 0.003)).toEqual([0.003]);
    expect(climb(1000, 2, true, 1024)).toEqual([3000, 10000]);
  });

  it('ends in 0 three decades below the default, begins again there, and keeps to the range', () => {
    expect(climb(3e-6, 3, false, 0.003)).toEqual([1e-6, 0, 0]);
    expect(climb(0, 2, true, 0.003)).toEqual([1e-6, 3e-6]);
    expect(climb(0, 1, true, 0)).toEqual([1e-4]);
    expect(climb(1e5, 4, true, 0.1)).toEqual([3e5, 1e6, 1e6, 1e6]);
    expect(climb(0.003, 3, false, 1, { whole: false, min: 0.001, max: 1000 })).toEqual([0.001, 0.001, 0.001]);
  });

  it('counts from 1 what remembers', () => {
    expect(climb(0.9, 4, true, 0.99)).toEqual([0.97, 0.99, 0.997, 0.999]);
    expect(climb(0.997, 4, false, 0.99)).toEqual([0.99, 0.97, 0.9, 0.7]);
    expect(climb(0.99999, 1, true, 0.99)).toEqual([0.99999]);
  });

  it('is that of the rates and weights of the engine, by their ranges alone', () => {
    const all = fields.flatMap((field) => (field.kind === 'group' ? field.fields : [field])).flatMap((field) => (field.kind === 'number' ? [field] : []));
    const from = (start: 0 | 1 | null) => all.filter(({ ladder }) => (ladder?.from ?? null) === start).map(({ path }) => path);
    expect(from(0)).toEqual(expect.arrayContaining(['lr.start', 'lr.end', 'r1.start', 'r2.end', 'gp_weight.start', 'orthogonal', 'ttur', 'weight_decay', 'weight_clip', 'bottleneck_rate']));
    expect(from(1)).toEqual(['beta2.start', 'beta2.end']);
    expect(from(null)).toEqual(expect.arrayContaining(['batch', 'beta1', 'real_label', 'generator.width', 'n_critic', 'latent_dim']));
  });

  it('takes both ends of a schedule along, but not one that is switched off', () => {
    const up = (schedule: Schedule, path: string) => climbed(schedule, true, group(path));
    expect(up({ start: 0.003, end: 0.0001, kimg: 5 }, 'lr')).toEqual({ start: 0.01, end: 0.0003, kimg: 5 });
    expect(up({ start: 0, end: 10, kimg: 5 }, 'ema')).toEqual({ start: 0, end: 30, kimg: 5 });
    expect(up({ start: 0, end: 0, kimg: 5 }, 'r1')).toMatchObject({ start: 1e-4, end: 1e-4 });
    expect(up({ start: 0.9, end: 0.99, kimg: 5 }, 'beta2')).toEqual({ start: 0.97, end: 0.997, kimg: 5 });
  });
});

describe('what differs between two runs', () => {
  const say = (a: typeof ring8, b: typeof ring8) => told(differences(a, b), a, b);
  const lr = (start: number, end: number, kimg = 1) => withValue(ring8, 'lr', { start, end, kimg });

  it('names a schedule that both hold once', () => {
    expect(say(lr(0.003, 0.003), lr(0.001, 0.001))).toEqual([{ path: 'lr', from: 0.003, to: 0.001 }]);
    // How long what does not move takes is nothing.
    expect(say(lr(0.003, 0.003), lr(0.001, 0.001, 9))).toEqual([{ path: 'lr', from: 0.003, to: 0.001 }]);
    expect(say(lr(0.003, 0.003), lr(0.003, 0.003, 9))).toEqual([]);
  });

  it('names the parts of one that moves, and all else by itself', () => {
    expect(say(lr(0.003, 0.003), lr(0.003, 0.001))).toEqual([{ path: 'lr.end', from: 0.003, to: 0.001 }]);
    expect(say(ring8, withValue(withValue(ring8, 'batch', 3), 'generator.width', 9))).toEqual([
      { path: 'batch', from: 256, to: 3 },
      { path: 'generator.width', from: 64, to: 9 },
    ]);
  });
});
