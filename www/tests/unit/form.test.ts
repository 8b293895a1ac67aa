import { describe, expect, it } from 'vitest';
import presets from '../../src/generated/presets.json';
import schema from '../../src/generated/schema.json';
import type { Preset, TrainConfig } from '../../src/generated/types';
import { type NumberField, type Schema, fieldsOf, parseNumber, sections, split } from '../../src/settings/form';
import { neutralOf } from '../../src/settings/fields';
import { concerns, differences, leaves, namedIn, rebase, valueAt, withValue } from '../../src/settings/paths';

const fields = fieldsOf(schema as Schema);
const ring8 = (presets as unknown as Preset[])[0].config;
const number = (path: string) => fields.find((field) => field.path === path) as NumberField;

describe('the form', () => {
  it('has a control for every setting of the engine, except those that stand elsewhere', () => {
    const shown = fields.flatMap((field) => (field.kind === 'group' ? field.fields.map((inner) => inner.path) : [field.path]));
    const ofImages = leaves(ring8).filter((path) => /^(image|augment)\./.test(path));
    expect(new Set([...shown, 'seed', 'data', 'points', 'moved', ...ofImages])).toEqual(new Set(leaves(ring8)));
  });

  it('takes ranges, help and liveness from the schema', () => {
    expect(number('batch')).toMatchObject({ kind: 'number', whole: true, min: 1, max: 4096, live: true });
    expect(number('batch').help).toContain('Images per step');
    expect(number('beta1').whole).toBe(false);
    expect(fields.find((field) => field.path === 'generator')).toMatchObject({ kind: 'group', live: false });
  });

  it('makes a schedule a row of three numbers and a network a row of its size and layers', () => {
    const parts = (path: string) => fields.flatMap((field) => (field.path === path && field.kind === 'group' ? field.fields.map((inner) => inner.path) : []));
    expect(parts('lr')).toEqual(['lr.start', 'lr.end', 'lr.kimg']);
    expect(parts('critic')).toEqual(['critic.width', 'critic.depth', 'critic.activation', 'critic.norm', 'critic.spectral_norm']);
  });

  it('offers every value of a choice', () => {
    const choices = (path: string) => {
      const field = fields.find((field) => field.path === path);
      return field?.kind === 'choice' ? field.choices : [];
    };
    expect(choices('play').map(({ value }) => value)).toEqual(['alternating', 'simultaneous', 'extragradient']);
    expect(choices('objective').find(({ value }) => value === 'rpgan')?.label).toBe('Relativistic (RpGAN)');
  });

  it('knows of each objective where its critic is undecided', () => {
    expect([neutralOf('non_saturating'), neutralOf('lsgan'), neutralOf('rpgan')]).toEqual([0, 0.5, null]);
  });

  it('shows few settings first and loses none', () => {
    const { first, more } = split(fields);
    expect(first.map((field) => field.path)).toEqual(['objective', 'r1', 'r2', 'lr', 'batch', 'generator', 'critic']);
    expect(first.length + more.length).toBe(fields.length);
  });

  it('puts what waits behind "More settings" under the headings of the engine, none lost', () => {
    const { more } = split(fields);
    const shown = sections(more);
    expect(shown.map(({ title }) => title)).toEqual(['', 'Networks', 'Classes', 'Losses', 'Slope of D', 'Stabilisers', 'Optimisers']);
    expect(shown.flatMap(({ fields }) => fields).length).toBe(more.length);
  });

  it('shows a setting that it has never heard of, and refuses a kind that it cannot show', () => {
    const added = { properties: { ...(schema as Schema).properties, tries_per_turn: { type: 'integer', minimum: 1 } }, $defs: (schema as Schema).$defs } as Schema;
    expect(fieldsOf(added).find((field) => field.path === 'tries_per_turn')).toMatchObject({ kind: 'number', label: 'Tries per turn', min: 1, max: null });
    expect(() => fieldsOf({ properties: { odd: { type: 'array' } } })).toThrow('`odd`');
  });

  it('names the setting whose text is no number', () => {
    expect(parseNumber(number('beta1'), '0,5')).toEqual({ value: 0.5 });
    expect(parseNumber(number('batch'), '12')).toEqual({ value: 12 });
    expect(parseNumber(number('batch'), '1.5')).toEqual({ problem: 'setting `batch`: must be a whole number (it is 1.5)' });
    expect(parseNumber(number('batch'), '')).toEqual({ problem: 'setting `batch`: must be a number' });
    expect(parseNumber(number('batch'), '1e999')).toHaveProperty('problem');
  });
});

describe('settings by dotted name', () => {
  it('are read and changed without touching the original', () => {
    const changed = withValue(ring8, 'lr.start', 0.5);
    expect([valueAt(changed, 'lr.start'), changed.lr.end]).toEqual([0.5, ring8.lr.end]);
    expect(valueAt(ring8, 'lr.start')).not.toBe(0.5);
  });

  it('differ leaf by leaf', () => {
    const other = withValue(withValue(ring8, 'lr.start', 1), 'batch', 3);
    expect(differences(ring8, other)).toEqual(['batch', 'lr.start']);
    expect(differences(ring8, structuredClone(ring8))).toEqual([]);
  });

  it('keep an edit that waits when the run is tuned', () => {
    const draft = withValue(withValue(ring8, 'generator.width', 17), 'batch', 100);
    const tuned = withValue(ring8, 'batch', 100);
    const after = rebase(draft, ring8, tuned);
    expect([after.generator.width, after.batch]).toEqual([17, 100]);
    expect(differences(tuned, after)).toEqual(['generator.width']);
  });

  it('take what the engine changed where nothing was edited', () => {
    const loaded: TrainConfig = withValue(ring8, 'beta1', 0.5);
    expect(rebase(ring8, ring8, loaded).beta1).toBe(0.5);
  });

  it('are found in a message', () => {
    expect(namedIn('setting `lr.start`: must be a number')).toBe('lr.start');
    expect(namedIn('file.bin: not a checkpoint')).toBeNull();
    expect(concerns('lr.start', 'lr')).toBe(true);
    expect(concerns('lr', 'lr.start')).toBe(true);
    expect(concerns('beta1', 'beta')).toBe(false);
  });
});
