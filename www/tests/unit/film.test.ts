import { describe, expect, it } from 'vitest';
import { type Chunk, webmFile } from '../../src/film/ebml';
import { paletteOf } from '../../src/film/palette';
import { EVERY_MS, MOST_FRAMES, Reel } from '../../src/film/reel';
import { fileName } from '../../src/lab/filename';
import type { Inks } from '../../src/ui/theme.svelte';

const at = (step: number) => ({ stage: { step } });
const steps = (reel: Reel<ReturnType<typeof at>>) => reel.frames.map(({ stage }) => stage.step);

describe('the looks of a film', () => {
  it('are no more than so many a second, and the last of all', () => {
    const reel = new Reel();
    for (let step = 0; step <= 10; step++) reel.see(at(step), (step * EVERY_MS) / 3);
    expect(steps(reel)).toEqual([0, 3, 6, 9]);
    reel.end();
    expect(steps(reel)).toEqual([0, 3, 6, 9, 10]);
    reel.end();
    expect(reel.frames.length).toBe(5);
  });

  it('stay evenly spaced and bounded however long the run', () => {
    for (const looks of [MOST_FRAMES - 1, MOST_FRAMES, MOST_FRAMES + 1, 1000, 20_000]) {
      const reel = new Reel();
      for (let step = 0; step < looks; step++) reel.see(at(step), step * EVERY_MS);
      const kept = steps(reel);
      const gap = kept[1] - kept[0];
      expect(kept[0]).toBe(0);
      expect(kept.every((step, i) => step === i * gap)).toBe(true);
      expect(Math.log2(gap) % 1).toBe(0);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(looks, MOST_FRAMES / 2));
      reel.end();
      expect(reel.frames.length).toBeLessThanOrEqual(MOST_FRAMES);
      expect(reel.frames.at(-1)?.stage.step).toBe(looks - 1);
    }
  });

  it('forget what did not happen: a step seen again replaces its frame, and a run that went back drops what came after', () => {
    const reel = new Reel<ReturnType<typeof at> & { forces?: boolean }>();
    for (let step = 0; step < 5; step++) reel.see(at(step), step * EVERY_MS);
    reel.see({ ...at(4), forces: true }, 4 * EVERY_MS + 1);
    expect(reel.frames.length).toBe(5);
    expect(reel.frames[4]).toEqual({ ...at(4), forces: true });
    reel.see(at(2), 6 * EVERY_MS);
    expect(steps(reel)).toEqual([0, 1, 2]);
    reel.end();
    expect(steps(reel)).toEqual([0, 1, 2]);
  });

  it('may be one or none', () => {
    const reel = new Reel();
    reel.end();
    expect(reel.frames).toEqual([]);
    reel.see(at(7), 0);
    reel.end();
    expect(steps(reel)).toEqual([7]);
  });
});

describe('the palette of a GIF', () => {
  const light: Inks = { real: '', fake: '', critic: '', quiet: '', line: '', realRgb: [0, 114, 178], fakeRgb: [213, 94, 0], criticRgb: [34, 34, 34], stageRgb: [255, 255, 255] };
  const dark: Inks = { ...light, realRgb: [86, 180, 233], fakeRgb: [242, 142, 43], criticRgb: [238, 238, 238], stageRgb: [20, 23, 26] };

  it.each([['light', light], ['dark', dark]])('has the inks and the ground themselves, and room for all, when it is %s', (_, inks) => {
    const palette = paletteOf(inks);
    expect(palette.length).toBeLessThanOrEqual(256);
    expect(palette.length).toBeGreaterThan(220);
    for (const colour of [inks.stageRgb, inks.realRgb, inks.fakeRgb, inks.criticRgb]) expect(palette).toContainEqual(colour);
    expect(palette.flat().every((part) => Number.isInteger(part) && part >= 0 && part <= 255)).toBe(true);
  });
});

/** The elements of EBML that hold others. */
const MASTERS = new Set([0x18538067, 0x1549a966, 0x1654ae6b, 0xae, 0xe0, 0x55b0, 0x1c53bb6b, 0xbb, 0xb7, 0x1f43b675, 0x1a45dfa3]);

interface Element {
  id: number;
  at: number;
  content: Uint8Array;
  children: Element[];
}

/** Reads elements as the standard says, whatever the lengths of their sizes. */
function parse(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const begin = at;
    const vint = (marked: boolean) => {
      const length = Math.clz32(bytes[at]) - 23;
      let value = marked ? bytes[at] : bytes[at] & (0xff >> length);
      for (let i = 1; i < length; i++) value = value * 256 + bytes[at + i];
      at += length;
      return value;
    };
    const [id, size] = [vint(true), vint(false)];
    expect(at + size).toBeLessThanOrEqual(bytes.length);
    const content = bytes.subarray(at, at + size);
    found.push({ id, at: begin, content, children: MASTERS.has(id) ? parse(content) : [] });
    at += size;
  }
  return found;
}

const all = (elements: Element[], id: number): Element[] => elements.flatMap((each) => [...(each.id === id ? [each] : []), ...all(each.children, id)]);
const number = ({ content }: Element) => content.reduce((value, byte) => value * 256 + byte, 0);

describe('a WebM file', () => {
  const chunks: Chunk[] = Array.from({ length: 100 }, (_, i) => ({ ms: 50 * i, key: i % 40 === 0, bytes: Uint8Array.of(i, i, i) }));
  const track = { codec: 'V_VP9', side: 720, fps: 20, colour: { matrix: 'bt709' as const, transfer: 'iec61966-2-1' as const, primaries: 'bt709' as const, fullRange: true } };
  const file = parse(webmFile(track, chunks));

  it('says what it is, how large and how long', () => {
    expect(file.map(({ id }) => id)).toEqual([0x1a45dfa3, 0x18538067]);
    const words = (id: number) => new TextDecoder().decode(all(file, id)[0].content);
    expect([words(0x4282), words(0x86)]).toEqual(['webm', 'V_VP9']);
    expect([0xb0, 0xba, 0x55b1, 0x55b9, 0x55ba, 0x55bb].map((id) => number(all(file, id)[0]))).toEqual([720, 720, 1, 2, 13, 1]);
    const [duration] = all(file, 0x4489);
    expect(new DataView(duration.content.slice().buffer).getFloat64(0)).toBe(5000);
  });

  it('holds every frame at its time, and cues that point to the clusters of the key frames', () => {
    const segment = file[1].children;
    const clusters = segment.filter(({ id }) => id === 0x1f43b675);
    expect(clusters.map((cluster) => number(all(cluster.children, 0xe7)[0]))).toEqual([0, 2000, 4000]);
    expect(all(segment, 0xf1).map(number)).toEqual(clusters.map(({ at }) => at));
    expect(all(segment, 0xb3).map(number)).toEqual([0, 2000, 4000]);
    const frames = clusters.flatMap((cluster) => {
      const from = number(all(cluster.children, 0xe7)[0]);
      return all(cluster.children, 0xa3).map(({ content }) => ({ ms: from + content[1] * 256 + content[2], key: content[3] === 0x80, bytes: content.slice(4) }));
    });
    expect(frames).toEqual(chunks);
  });

  it('leaves out colours that the encoder does not tell', () => {
    expect(all(parse(webmFile({ ...track, colour: null }, chunks)), 0x55b0)).toEqual([]);
    expect(number(all(parse(webmFile({ ...track, colour: { matrix: null } }, chunks)), 0x55b1)[0])).toBe(2);
  });
});

describe('the name of a file', () => {
  it('says the data, the seed and the thousands of images', () => {
    expect(fileName({ data: 'ring8', seed: 1 }, 512_999, 'gif')).toBe('ring8-seed1-000512k.gif');
  });
});
