import { describe, expect, it } from 'vitest';
import { Newest } from '../../src/latent/newest';
import { clampPage, onPage, pageCount } from '../../src/latent/paging';
import { nth, sizeOf, toBytes } from '../../src/latent/pixels';

describe('pages of sliders', () => {
  it('show at most eight dimensions and all of them in turn', () => {
    expect([1, 8, 9, 32].map(pageCount)).toEqual([1, 1, 2, 4]);
    expect(onPage(2, 0)).toEqual([0, 1]);
    expect(onPage(20, 2)).toEqual([16, 17, 18, 19]);
    expect([0, 1, 2].flatMap((page) => onPage(20, page))).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('stay within bounds', () => {
    expect([clampPage(20, -1), clampPage(20, 9), clampPage(0, 3)]).toEqual([0, 2, 0]);
    expect(onPage(0, 0)).toEqual([]);
  });
});

describe('requests while dragging', () => {
  it('keep only the newest that waits', async () => {
    const done: number[] = [];
    let release = () => {};
    const newest = new Newest<number>((item) => new Promise((resolve) => (done.push(item), (release = resolve))));
    for (const item of [1, 2, 3, 4]) newest.ask(item);
    expect(done).toEqual([1]);
    release();
    await Promise.resolve();
    await Promise.resolve();
    expect(done).toEqual([1, 4]);
    release();
    await new Promise((resolve) => setTimeout(resolve, 0));
    newest.ask(5);
    expect(done).toEqual([1, 4, 5]);
  });
});

describe('pixels', () => {
  it('go from −1..1 to bytes, clamped, grey from one channel', () => {
    expect([...toBytes(Float32Array.from([-1, 0, 1, 9]), 1, 4)]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255, 255, 255, 255, 255]);
  });

  it('are interleaved from three planes', () => {
    expect([...toBytes(Float32Array.from([1, -1, -1, 1, -1, -1]), 3, 2)]).toEqual([255, 0, 0, 255, 0, 255, 0, 255]);
  });

  it('of one sample lie together', () => {
    expect(sizeOf([1, 2, 3])).toBe(6);
    expect([...nth(Float32Array.from([0, 1, 2, 3]), 1, 2)]).toEqual([2, 3]);
  });
});
