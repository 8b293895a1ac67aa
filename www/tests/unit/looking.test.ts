import { describe, expect, it, vi } from 'vitest';
import { Cadence } from '../../src/lab/cadence';
import { moved, pointAt, sameView, zoomed } from '../../src/lab/camera';
import { bestLogits, neutralOfBest } from '../../src/lab/ground';
import { type Moment, Moments } from '../../src/lab/moments';
import type { Optimum, StageData } from '../../src/lab/stage';

const home = { x_min: -2, x_max: 2, y_min: -2, y_max: 2 };

describe('the camera', () => {
  it('keeps the point under the pointer where it is', () => {
    const view = zoomed(home, home, 0.5, 0.25, 0.75);
    expect(pointAt(view, 0.25, 0.75)).toEqual(pointAt(home, 0.25, 0.75));
    expect(view.x_max - view.x_min).toBeCloseTo(2);
    expect(zoomed(view, home, 2, 0.25, 0.75)).toEqual(home);
  });

  it('has bounds, and never loses sight of the data', () => {
    let [near, far, away] = [home, home, home];
    for (let i = 0; i < 50; i++) {
      near = zoomed(near, home, 0.5);
      far = zoomed(far, home, 2);
      away = moved(away, home, 1, -1);
    }
    expect(near.x_max - near.x_min).toBeCloseTo(4 / 16);
    expect(far.x_max - far.x_min).toBeCloseTo(4 * 8);
    expect(away.x_min).toBeLessThan(home.x_max);
    expect(away.y_max).toBeGreaterThan(home.y_min);
    expect(sameView(moved(home, home, 0, 0), home)).toBe(true);
  });
});

describe('the time machine', () => {
  const moment = (step: number, bytes = 8): Moment => ({ step, images: step, bytes: new Uint8Array(bytes) });

  it('keeps moments spread evenly over a run of any length', () => {
    const moments = new Moments();
    for (let step = 0; step <= 20_000; step += 3) if (moments.wants(step)) moments.push(moment(step));
    const steps = moments.all.map(({ step }) => step);
    const gaps = steps.slice(1).map((step, i) => step - steps[i]);
    expect(steps[0]).toBe(0);
    expect(steps.length).toBeGreaterThan(100);
    expect(steps.length).toBeLessThanOrEqual(240);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps) + 3);
    expect(steps[steps.length - 1]).toBeGreaterThan(19_000);
    expect(moments.nearest(10_001)?.step).toBeGreaterThan(9_800);
  });

  it('keeps fewer of them where each is large', () => {
    const moments = new Moments();
    for (let step = 0; step < 400; step++) if (moments.wants(step)) moments.push(moment(step, 2 ** 20));
    expect(moments.all.length).toBeLessThanOrEqual(48);
  });

  it('forgets what came after a step', () => {
    const moments = new Moments();
    for (const step of [0, 5, 9]) moments.push(moment(step));
    moments.truncate(5);
    expect(moments.all.map(({ step }) => step)).toEqual([0, 5]);
    expect(moments.nearest(100)?.step).toBe(5);
    moments.clear();
    expect(moments.nearest(1)).toBeNull();
  });
});

describe('the best critic', () => {
  const stage: StageData = { view: home, step: 1, images: 1, samples: 1, grid: 2, reals: new Float32Array([-1, -1]), fakes: new Float32Array([1, 1]), logits: new Float32Array(4), forces: null, slopes: null, mesh: null };
  const optimum: Optimum = { view: home, step: 1, smoothing: 0.1, loss: 1, p: new Float32Array(4), q: new Float32Array(4), critic: new Float32Array([4, NaN, NaN, 2]), neutral: null };

  it('is compared only where it was found on the same cells', () => {
    expect(bestLogits(stage, optimum)).toBe(optimum.critic);
    expect(bestLogits({ ...stage, view: { ...home, x_max: 3 } }, optimum)).toBeNull();
    expect(bestLogits({ ...stage, logits: new Float32Array(9) }, optimum)).toBeNull();
    expect(bestLogits(stage, { ...optimum, critic: null })).toBeNull();
  });

  it('is drawn about its mean over the samples where it is known up to a constant, else about its own middle', () => {
    expect(neutralOfBest(stage, optimum)).toBeCloseTo(3);
    expect(neutralOfBest(stage, { ...optimum, neutral: 0.5 })).toBe(0.5);
  });
});

describe('a cadence', () => {
  it('pauses after each time, except where it was wanted at once meanwhile', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('document', { hidden: false });
    const began: number[] = [];
    const end: (() => void)[] = [];
    const cadence = new Cadence(() => (began.push(performance.now()), new Promise((resolve) => end.push(resolve))));
    cadence.took(1, 100, 0.5);
    const start = performance.now();
    cadence.want();
    await vi.advanceTimersByTimeAsync(0);
    cadence.want();
    end.shift()?.();
    await vi.advanceTimersByTimeAsync(500);
    cadence.want(0);
    end.shift()?.();
    await vi.advanceTimersByTimeAsync(500);
    expect(began.map((at) => at - start)).toEqual([0, 100, 500]);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('keeps to its share of the time, but forgives what took long once', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('document', { hidden: false });
    const times = [900, 20, 50, 60, 20];
    const began: number[] = [];
    const cadence: Cadence = new Cadence(async () => {
      began.push(performance.now());
      cadence.took(times.shift() ?? 0, 100, 0.1);
    });
    const start = performance.now();
    for (let i = 0; i < 200; i++) {
      cadence.want();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(began.slice(0, 5).map((at) => Math.round(at - start))).toEqual([0, 100, 280, 460, 910]);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
});
