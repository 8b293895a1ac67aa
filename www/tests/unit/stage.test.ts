import { describe, expect, it } from 'vitest';
import { contour } from '../../src/lab/contours';
import { TOYS, sceneOf, stackStep, stacked } from '../../src/lab/scene';
import { MOST_POINTS, Series, smooth } from '../../src/lab/series';
import { type StageData, forceUnit, logitAt, momentOf, neutralLogit, optimumOf, outside, stageOf } from '../../src/lab/stage';
import { Tween } from '../../src/lab/tween';
import { loss, summary } from '../../src/lab/summary';
import type { Extra, StepReport } from '../../src/generated/types';

const view = { x_min: 0, x_max: 4, y_min: 0, y_max: 4 };
/** Logits x + 10 y at the centres of 4 × 4 cells. */
const plane = Float32Array.from({ length: 16 }, (_, i) => (i % 4) + 0.5 + 10 * (Math.floor(i / 4) + 0.5));
const stage = (reals: number[], fakes: number[]): StageData => ({ view, step: 0, images: 0, samples: reals.length / 2, grid: 4, reals: Float32Array.from(reals), fakes: Float32Array.from(fakes), logits: plane, forces: null, slopes: null, mesh: null });
const report = (step: number): StepReport => ({ step, images: step, loss_d: step, loss_g: -step, r1: 0, r2: 0, slope: 0, d_real: 0, d_fake: 0, accuracy: 0.5, norm_d: 1, norm_g: 1 });

const answer = (samples: number, extras: Extra[] = []) => ({ type: 'stage' as const, view, samples, grid: 1, step: 3, images: 9, extras, mesh: 2, optimum: null });

describe('the stage', () => {
  it('takes the buffers in the order of the protocol and refuses others', () => {
    const event = answer(1);
    const two = new Float32Array([1, 2]);
    const scene = { view, dim: 2, modes: null, points: [], unit: 1 };
    expect(stageOf({ event, buffers: [two, two, new Float32Array(1)] }, scene)).toMatchObject({ step: 3, samples: 1, grid: 1 });
    expect(stageOf({ event, buffers: [two, two, new Float32Array(2)] }, scene)).toBeNull();
    expect(stageOf({ event, buffers: [two, new Uint8Array(2), new Float32Array(1)] }, scene)).toBeNull();
  });

  it('stacks samples of the line, reals upwards and fakes downwards', () => {
    const scene = { view, dim: 1, modes: null, points: [], unit: 1 };
    const event = answer(3);
    const seen = stageOf({ event, buffers: [new Float32Array([1, 1, 3]), new Float32Array([2, 2, 2]), new Float32Array(1)] }, scene);
    expect(seen && [...seen.reals]).toEqual([1, 2.5, 1, 3, 3, 2.5]);
    expect(seen && [...seen.fakes]).toEqual([2, 1.5, 2, 1, 2, 0.5]);
    const xs = new Float32Array([NaN, 1e9, 1]);
    expect(stacked(xs, scene, stackStep(xs, scene)).length).toBe(6);
  });

  it('takes forces where they came along, those of the line as horizontal', () => {
    const event = answer(1);
    const plane = { view, dim: 2, modes: null, points: [], unit: 1 };
    const [two, one] = [new Float32Array([1, 2]), new Float32Array([3])];
    expect(stageOf({ event, buffers: [two, two, one] }, plane)?.forces).toBeNull();
    const asked = answer(1, ['forces']);
    expect(stageOf({ event: asked, buffers: [two, two, one, two] }, plane)?.forces).toEqual(two);
    expect(stageOf({ event: asked, buffers: [two, two, one, one] }, plane)).toBeNull();
    expect(stageOf({ event: asked, buffers: [one, one, one, one] }, { ...plane, dim: 1 })?.forces).toEqual(new Float32Array([3, 0]));
  });

  it('finds each extra among the buffers, the best critic being three of them', () => {
    const plane = { view, dim: 2, modes: null, points: [], unit: 1 };
    const [two, one, bytes] = [new Float32Array([1, 2]), new Float32Array([3]), new Uint8Array([4])];
    const [p, q, best] = [5, 6, 7].map((number) => new Float32Array([number]));
    const event = { ...answer(1, ['slopes', 'mesh', 'optimum', 'checkpoint']), optimum: { smoothing: 0.5, loss: 1 } };
    const reply = { event, buffers: [two, two, one, one, two, p, q, best, bytes] };
    expect(stageOf(reply, plane)).toMatchObject({ forces: null, slopes: one, mesh: { columns: 2, points: two } });
    expect(optimumOf(reply, null)).toMatchObject({ step: 3, smoothing: 0.5, loss: 1, p, q, critic: best, neutral: null });
    expect(optimumOf({ ...reply, buffers: reply.buffers.with(7, new Float32Array(0)) }, null)?.critic).toBeNull();
    expect(momentOf(reply)).toEqual({ step: 3, images: 9, bytes });
    expect([optimumOf({ event: answer(1), buffers: [two, two, one] }, null), momentOf({ event: answer(1), buffers: [two, two, one] })]).toEqual([null, null]);
  });

  it('chooses a round length as the unit of its arrows', () => {
    const lengths = (...all: number[]) => Float32Array.from(all.flatMap((length) => [0, length]));
    expect(forceUnit(lengths(0.013, 0.013))).toBeCloseTo(0.02);
    expect(forceUnit(lengths(3.1, 3.1, 1, 1, 1, 1, 1, 1, 1, 1, 900))).toBeCloseTo(5);
    expect(forceUnit(lengths(0.7, 0.99))).toBeCloseTo(1);
    expect(forceUnit(lengths(0, NaN))).toBe(0);
    expect(forceUnit(new Float32Array(0))).toBe(0);
  });

  it('reads D between the centres of the cells', () => {
    const seen = stage([], []);
    expect(logitAt(seen, 0.5, 0.5)).toBeCloseTo(5.5);
    expect(logitAt(seen, 2, 1.25)).toBeCloseTo(14.5);
    expect(logitAt(seen, 4, 4)).toBeCloseTo(3.5 + 35);
    expect(logitAt(seen, 4.1, 1)).toBeNull();
  });

  it('is neutral at the mean over the samples for a critic known up to a constant, and otherwise at the logit of its objective', () => {
    const seen = stage([1, 1], [2, 3, 99, 99]);
    expect(neutralLogit(seen, null)).toBeCloseTo((11 + 32) / 2);
    expect(neutralLogit(seen, 0.5)).toBe(0.5);
    expect(neutralLogit(stage([99, 99], []), null)).toBe(0);
  });

  it('counts points outside, those that are no number included', () => {
    expect(outside(Float32Array.from([1, 1, 5, 1, NaN, 1]), view)).toBe(2);
  });

  it('shows all of every toy distribution', () => {
    expect(TOYS.length).toBeGreaterThan(10);
    for (const data of TOYS) {
      const scene = sceneOf(data);
      expect(scene && outside(Float32Array.from(scene.points.flat()), scene.view), data).toBe(0);
    }
    expect(sceneOf('mnist')).toBeNull();
  });

  it('says itself in a sentence', () => {
    const blank = { step: 0, images: 0, metrics: null, lossD: null, lossG: null, past: false };
    expect(summary(blank, 0)).toContain('Untrained');
    const coverage = { modes: 7, modes_total: 8, hq: 0.931, rkl: 0.1, mass: [], truth: [], samples: 2500 };
    const shown = { ...blank, step: 1200, images: 307200, metrics: { coverage, scores: [] }, lossD: 1, lossG: -1 };
    const text = summary(shown, 1);
    expect(text).toContain('Step 1,200, 307,200 images; 7 of 8 modes, 93.1\u00a0% of the fakes');
    expect(text).toContain('1 fake outside the picture');
    expect(summary({ ...shown, past: true }, 0)).toContain('The past: step 1,200');
    expect([loss(0.6931), loss(-5e14)]).toEqual(['0.693', '-5.0e+14']);
  });
});

describe('fakes between two looks', () => {
  it('glide over as long as the looks were apart', () => {
    const tween = new Tween();
    tween.aim(Float32Array.from([0, 0]), 1000, true);
    tween.aim(Float32Array.from([4, 8]), 1050, true);
    expect([...tween.at(1050)]).toEqual([0, 0]);
    expect([...tween.at(1075)]).toEqual([2, 4]);
    expect([tween.moving(1075), tween.moving(1100)]).toEqual([true, false]);
    expect([...tween.at(1100)]).toEqual([4, 8]);
  });

  it('jump where nothing leads from one to the other', () => {
    const tween = new Tween();
    const places = (aim: () => void) => (aim(), [...tween.at(1000)]);
    tween.aim(Float32Array.from([0, 0]), 990, true);
    expect(places(() => tween.aim(Float32Array.from([1, 1]), 1000, false))).toEqual([1, 1]);
    expect(places(() => tween.aim(Float32Array.from([2, 2, 3, 3]), 1000, true))).toEqual([2, 2, 3, 3]);
    const late = new Tween();
    late.aim(Float32Array.from([0]), 0, true);
    late.aim(Float32Array.from([5]), 1000, true);
    expect([...late.at(1000)]).toEqual([5]);
  });
});

describe('isolines', () => {
  it('lie where the values cross the level', () => {
    const segments = contour(plane, 4, 15);
    expect(segments.length).toBeGreaterThan(0);
    for (let i = 0; i < segments.length; i += 2) expect(segments[i] + 10 * segments[i + 1]).toBeCloseTo(15);
  });

  it('cut off the corners of a saddle by its mean', () => {
    const saddle = (middle: number) => contour(Float32Array.from([1 + middle, -1 + middle, -1 + middle, 1 + middle]), 2, 0);
    const ends = (segments: number[]) => [segments.slice(0, 4), segments.slice(4)].map(([x0, y0, x1, y1]) => ((x0 + x1) / 2 - 1) * ((y0 + y1) / 2 - 1));
    // The diagonal of the high corners is joined when the middle is high: then the lines lie in the other two quadrants.
    expect(ends(saddle(0.1)).every((sign) => sign < 0)).toBe(true);
    expect(ends(saddle(-0.1)).every((sign) => sign > 0)).toBe(true);
  });

  it('end where values are no numbers', () => {
    const holed = plane.map((value, i) => (i === 5 ? NaN : value));
    const segments = contour(holed, 4, 15);
    expect(segments.length).toBeGreaterThan(0);
    expect(segments.length).toBeLessThan(contour(plane, 4, 15).length);
    expect(segments.every(Number.isFinite)).toBe(true);
  });

  it('are none on level ground', () => {
    expect(contour(new Float32Array(16), 4, 1)).toEqual([]);
  });
});

describe('curves', () => {
  it('are thinned evenly when they grow long', () => {
    const series = new Series(['loss_d']);
    for (let step = 1; step <= 3 * MOST_POINTS; step++) series.push(step, report(step));
    expect(series.step.length).toBeLessThanOrEqual(MOST_POINTS);
    const gaps = new Set(series.step.slice(1).map((step, i) => step - series.step[i]));
    expect(gaps.size).toBe(1);
    expect(series.columns.loss_d).toEqual(series.step);
  });

  it('go back with a run that was restored', () => {
    const series = new Series(['loss_d', 'loss_g']);
    for (const step of [1, 2, 3, 4]) series.push(step, report(step));
    series.truncate(2);
    expect([series.step, series.columns.loss_g]).toEqual([[1, 2], [-1, -2]]);
    expect([series.at(0), series.at(1), series.at(9)]).toEqual([-1, 0, 1]);
  });

  it('have gaps where nothing was measured, also as a file', () => {
    const series = new Series(['a', 'b']);
    series.push(5, { a: 1 });
    series.push(7, { b: 0 });
    series.push(7, { b: 2 });
    expect(series.csv()).toBe('step,a,b\n5,1,\n7,,2\n');
    expect(smooth([1, NaN, 1], 0.5)).toEqual([1, NaN, 1]);
  });

  it('are smoothed without a bias at the start', () => {
    expect(smooth([3, 3, 3], 0.9)[0]).toBeCloseTo(3);
    expect(smooth([3, 3, 3], 0.9)[2]).toBeCloseTo(3);
    expect(smooth([1, 2], 0)).toEqual([1, 2]);
    expect(smooth([0, 1], 0.5)[1]).toBeCloseTo(2 / 3);
  });
});
