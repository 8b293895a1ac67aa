import { describe, expect, it } from 'vitest';
import presets from '../../src/generated/presets.json';
import type { Preset, TrainConfig } from '../../src/generated/types';
import { commandLine, linkTo, readLink } from '../../src/lab/link';
import { withValue } from '../../src/settings/paths';
import { VERSION } from '../../src/version';

const base = (presets as unknown as Preset[])[0].config;
const home = { method: 'r3gan', data: base.data };
const config: TrainConfig = withValue(withValue(base, 'seed', 9), 'lr.start', 0.0001);

describe('a link', () => {
  it('holds what differs from the method, and its version', () => {
    expect(linkTo({ method: 'r3gan', base, config: base, hide: [], rival: null }, home)).toBe('#lab');
    expect(linkTo({ method: 'sngan', base, config, hide: ['files', 'data'], rival: null }, home)).toBe(`#lab?method=sngan&lr.start=0.0001&seed=9&hide=files%2Cdata&v=${VERSION}`);
  });

  it('is read as it was written', () => {
    const link = linkTo({ method: 'sngan', base, config, hide: ['files', 'data'], rival: null }, home);
    expect(readLink(link, home)).toEqual({ method: 'sngan', data: 'ring8', settings: ['lr.start=0.0001', 'seed=9'], hide: ['files', 'data'], rival: [], version: VERSION });
    expect(readLink('#lab', home)).toBeNull();
    expect(readLink('', home)).toBeNull();
    // The page's language is none of the run's business.
    expect(readLink('#lab?lang=zh', home)).toBeNull();
    expect(readLink(`${link}&lang=zh`, home)).toEqual(readLink(link, home));
  });

  it('tells where modes were moved to, in a form that the command line takes too', () => {
    const moved: TrainConfig = { ...base, moved: [[0, 0.4, -1.25], [7, 2, 0]] };
    const link = linkTo({ method: 'r3gan', base, config: moved, hide: [], rival: null }, home);
    expect(readLink(link, home)?.settings).toEqual(['moved=0:0.4:-1.25,7:2:0']);
    expect(commandLine({ method: 'r3gan', base, config: moved })).toBe('sparring train r3gan --set data=ring8 --set moved=0:0.4:-1.25,7:2:0');
  });

  it('does not carry a person\'s own points', () => {
    const own: TrainConfig = { ...config, data: 'points', points: [[0, 1]] };
    expect(linkTo({ method: 'r3gan', base: own, config: own, hide: [], rival: null }, home)).toBe('#lab');
    expect(commandLine({ method: 'r3gan', base, config: own })).toBe('sparring train r3gan --set data=points --set lr.start=0.0001 --set seed=9 --data FILE.csv');
  });
});
