import { describe, expect, it } from 'vitest';
import presets from '../../src/generated/presets.json';
import type { Objective, Preset, TrainConfig } from '../../src/generated/types';
import { Reel } from '../../src/film/reel';
import { figure, setting } from '../../src/lab/slow/figures';
import { linesOf } from '../../src/lab/slow/lines';
import { type Phase, phasesOf } from '../../src/lab/slow/phases';
import { between, pictureOf } from '../../src/lab/slow/pictures';
import { type Told, scheduled } from '../../src/lab/slow/told';
import { slopesOf, weightsOf } from '../../src/lab/slow/weights';
import { notesOf, sentence, signsOf } from '../../src/lab/slow/words';
import type { StageData } from '../../src/lab/stage';
import { en } from '../../src/words/en';
import { language } from '../../src/words/language.svelte';
import { zh } from '../../src/words/zh';

const PRESETS = presets as unknown as Preset[];
const configOf = (name: string, changes: Partial<TrainConfig> = {}): TrainConfig => ({ ...(PRESETS.find((preset) => preset.name === name)?.config as TrainConfig), ...changes });

const sp = (t: number) => Math.log1p(Math.exp(t));
const mean = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
/** The losses of D, written as in `src/objective.rs`. */
const LOSSES: Record<Objective, (x: number[], g: number[], label: number) => number> = {
  minimax: (x, g, label) => mean(x.map((t) => label * sp(-t) + (1 - label) * sp(t))) + mean(g.map(sp)),
  non_saturating: (x, g, label) => mean(x.map((t) => label * sp(-t) + (1 - label) * sp(t))) + mean(g.map(sp)),
  lsgan: (x, g, label) => (mean(x.map((t) => (t - label) ** 2)) + mean(g.map((t) => t * t))) / 2,
  wgan: (x, g) => mean(g) - mean(x),
  hinge: (x, g) => mean(x.map((t) => Math.max(0, 1 - t))) + mean(g.map((t) => Math.max(0, 1 + t))),
  rpgan: (x, g) => mean(x.flatMap((real) => g.map((fake) => sp(fake - real)))),
  ragan: (x, g) => mean(x.map((t) => sp(mean(g) - t))) + mean(g.map((t) => sp(t - mean(x)))),
  kl_fgan: (x, g) => mean(g.map((t) => Math.exp(t - 1))) - mean(x),
};

const view = { x_min: -1, x_max: 1, y_min: -1, y_max: 1 };
/** A stage on which D is constant. */
const flat = (step: number, logit: number, fakes: number[], forces: number[] | null = null): StageData => ({
  view,
  step,
  images: step,
  samples: fakes.length / 2,
  grid: 4,
  reals: Float32Array.from(fakes, () => 0.25),
  fakes: Float32Array.from(fakes),
  logits: new Float32Array(16).fill(logit),
  forces: forces && Float32Array.from(forces),
  slopes: null,
  mesh: null,
});
const toldOf = (config: TrainConfig, changes: Partial<Told> = {}): Told => ({
  config,
  dim: 2,
  images: 0,
  report: { step: 1, images: config.batch, loss_d: 0.7, loss_g: 0.8, r1: 0.03, r2: 0.02, slope: 0.05, d_real: 0.5, d_fake: -0.25, accuracy: 0.5, norm_d: 1, norm_g: 1 },
  before: flat(0, 0, [0, 0, 0.5, 0.5]),
  half: flat(1, 2, [0, 0, 0.5, 0.5], [3, 4, 0, 0]),
  after: flat(1, 2, [0.3, 0.4, 0.5, 0.5]),
  exact: true,
  ...changes,
});
const valuesOf = (phase: Phase, told: Told) => Object.fromEntries(linesOf(phase, told).map(({ name, value }) => [name, value]));
const formulasIn = (phase: Phase, told: Told) => linesOf(phase, told).map(({ formula, text }) => `${formula} ${text}`).join('; ');

describe('how hard samples pull on D', () => {
  const [x, g] = [[0.3, -1.7, 2.1, 0.9], [-0.4, 1.2, -2.2, 0.05]];

  it.each(Object.keys(LOSSES) as Objective[])('is the derivative of its loss: %s', (objective) => {
    const loss = LOSSES[objective];
    for (const label of ['minimax', 'non_saturating', 'lsgan'].includes(objective) ? [1, 0.9] : [1]) {
      const [reals, fakes] = slopesOf(objective, label, Float32Array.from(x), Float32Array.from(g));
      const nudged = (numbers: number[], i: number, by: number) => numbers.map((t, k) => (k === i ? t + by : t));
      const slope = (by: (h: number) => number) => ((by(1e-5) - by(-1e-5)) / 2e-5) * x.length;
      for (let i = 0; i < x.length; i++) {
        expect(reals[i]).toBeCloseTo(slope((h) => loss(nudged(x, i, h), g, label)), 4);
        expect(fakes[i]).toBeCloseTo(slope((h) => loss(x, nudged(g, i, h), label)), 4);
      }
    }
  });

  it.each(Object.keys(LOSSES) as Objective[])('is nothing where D was not looked at: %s', (objective) => {
    const stage = { ...flat(0, 0.2, [0.1, 0.1, 9, 9]), reals: Float32Array.from([9, 9, 0, 0]) };
    const { reals, fakes, unit } = weightsOf(configOf('r3gan', { objective }), stage);
    expect([reals[0], fakes[1]]).toEqual([0, 0]);
    expect([reals[1] > 0, fakes[0] > 0, Number.isFinite(unit)]).toEqual([true, true, true]);
  });
});

describe('the phases', () => {
  it('go from the sample over D to G, and leave out who stands still', () => {
    expect(phasesOf({ learn: 'both', play: 'alternating' })).toEqual(['sample', 'answer', 'critic-gradient', 'critic-update', 'generator-gradient', 'generator-update']);
    expect(phasesOf({ learn: 'critic', play: 'simultaneous' })).toEqual(['sample', 'answer', 'critic-gradient', 'critic-update']);
    expect(phasesOf({ learn: 'generator', play: 'alternating' })).toEqual(['sample', 'answer', 'generator-gradient', 'generator-update']);
  });

  it('have one update where both move together', () => {
    for (const play of ['simultaneous', 'extragradient'] as const) {
      expect(phasesOf({ learn: 'both', play })).toEqual(['sample', 'answer', 'critic-gradient', 'generator-gradient', 'both-update']);
    }
  });

  it('show only what they are about', () => {
    const told = toldOf(configOf('r3gan'));
    const shown = (phase: Phase) => Object.entries(pictureOf(phase, told).layers).filter(([, is]) => is).map(([name]) => name).sort();
    expect(shown('sample')).toEqual(['fakes', 'reals']);
    expect(shown('answer')).toEqual(['ground', 'lines']);
    expect(shown('critic-gradient')).toEqual(['fakes', 'ground', 'reals']);
    expect(shown('generator-gradient')).toEqual(['fakes', 'forces', 'ground']);
  });

  it("move D's colours first and the fakes after, along the arrows of the D that moved", () => {
    const told = toldOf(configOf('r3gan'));
    const [first, second] = [pictureOf('critic-update', told), pictureOf('generator-update', told)];
    expect(first.from?.logits).toEqual(told.before.logits);
    expect(first.stage.logits).toEqual(told.half?.logits);
    expect(first.stage.fakes).toEqual(told.before.fakes);
    expect(pictureOf('generator-gradient', told).stage.forces).toEqual(told.half?.forces);
    expect(second.from?.fakes).toEqual(told.before.fakes);
    expect(second.stage.fakes).toEqual(told.after.fakes);
    expect(second.stage.emphasis?.from).toEqual(told.half?.fakes);
  });

  it('move both from the old place where there is no half', () => {
    const before = flat(0, 0, [0, 0, 0.5, 0.5], [1, 0, 0, 0]);
    const told = toldOf(configOf('extragradient'), { before, half: null });
    const { from, stage } = pictureOf('both-update', told);
    expect(pictureOf('generator-gradient', told).stage.forces).toEqual(before.forces);
    expect([from?.logits, from?.fakes]).toEqual([before.logits, before.fakes]);
    expect([stage.logits, stage.fakes]).toEqual([told.after.logits, told.after.fakes]);
  });

  it('end a motion exactly where it goes', () => {
    const [from, to] = [flat(0, 0, [0, 0]), flat(1, 1, [0.5, 1])];
    expect(between(from, to, 0.5).fakes).toEqual(Float32Array.from([0.25, 0.5]));
    expect(between(from, to, 0).logits).toEqual(from.logits);
    expect(between(from, to, 1)).toBe(to);
  });

  it('are frames of their own in a film, in their order', () => {
    const reel = new Reel<{ stage: { step: number }; held?: { phase: number } }>();
    reel.see({ stage: { step: 3 } }, 0);
    for (const phase of [1, 2, 3]) reel.see({ stage: { step: 3 }, held: { phase } }, 1000 * phase);
    reel.see({ stage: { step: 4 }, held: { phase: 6 } }, 5000);
    reel.see({ stage: { step: 4 } }, 6000);
    expect(reel.frames.map(({ stage, held }) => [stage.step, held?.phase ?? 0])).toEqual([[3, 0], [3, 1], [3, 2], [3, 3], [4, 0]]);
    reel.see({ stage: { step: 3 }, held: { phase: 2 } }, 7000);
    expect(reel.frames.length).toBe(3);
  });
});

describe('the numbers of a step', () => {
  it('are those of its report, the penalties with what they weigh', () => {
    const told = toldOf(configOf('r3gan'));
    expect(valuesOf('answer', told)).toEqual({ d_real: 0.5, d_fake: -0.25 });
    expect(valuesOf('critic-gradient', told)).toMatchObject({ loss_d: 0.7, r1: 0.03, r2: 0.02, total: 0.75, pull_real: 0.5, pull_fake: 0.5 });
    expect(valuesOf('generator-gradient', told)).toMatchObject({ loss_g: 0.8, force: 2.5 });
    expect(valuesOf('generator-update', told)).toMatchObject({ moved: 0.25 });
    expect(formulasIn('critic-gradient', told)).toContain('R₁ = γ₁/2 · E ‖∇D(x)‖² = 0.1/2 · 0.600 0.0300');
    expect(formulasIn('critic-update', told)).toContain('mean D(x) of those shown 0.000 → 2.000');
  });

  it('fill in what the report has of the formula', () => {
    const told = toldOf(configOf('wgan-gp'));
    expect(formulasIn('critic-gradient', told)).toContain('L_D = E D(g) − E D(x) = −0.250 − 0.500 0.700');
    expect(formulasIn('critic-gradient', told)).toContain('P = λ E (‖∇D(x̂)‖ − 1)² = 0.1 · 0.500 0.0500');
    expect(Object.keys(valuesOf('critic-gradient', told))).not.toContain('r1');
    expect(formulasIn('critic-update', told)).toContain('Adam(θ_D, ∇(L_D + P)), 5 times');
  });

  it('are told with the formula in force, whatever the method', () => {
    for (const { name, config } of PRESETS.filter((preset) => preset.method)) {
      const told = toldOf(config);
      for (const phase of phasesOf(config)) {
        expect(sentence(phase, config).length, name).toBeGreaterThan(20);
        expect(linesOf(phase, told).every(({ formula, text, value }) => formula.length > 0 && (value === null || text !== '–')), `${name} ${phase}`).toBe(true);
      }
    }
    const smoothed = toldOf(configOf('improved-gan'));
    expect(formulasIn('critic-gradient', smoothed)).toContain('E [0.9 sp(−D(x)) + 0.1 sp(D(x))] + E sp(D(g))');
    expect(formulasIn('generator-gradient', toldOf(configOf('improved-gan-labels')))).toContain('L_G = ‖E f(x) − E f(g)‖²');
    expect(formulasIn('critic-gradient', toldOf(configOf('improved-gan-labels')))).toContain('L_D = ½ (E sp(−D(x)) + E sp(D(g)))');
  });

  it('say what differs from the plain game', () => {
    const notes = (phase: Phase, config: TrainConfig, changes: Partial<Told> = {}) => notesOf(phase, toldOf(config, changes)).join(' ');
    expect(notes('sample', configOf('r3gan'))).toBe('');
    expect(notes('sample', configOf('r3gan'), { images: 100_000 })).toContain('moving average');
    expect(notes('critic-gradient', configOf('wgan-gp'))).toContain("last of D's 5 updates");
    expect(notes('sample', configOf('lsgan', { play: 'simultaneous' }))).toContain('move together');
    expect(notes('answer', configOf('extragradient'))).toContain('one trial step ahead');
    expect(notes('sample', configOf('r3gan', { learn: 'critic' }))).toContain('G stands still');
    expect(notes('sample', configOf('r3gan'), { exact: false })).toContain('GPU');
    expect(notes('answer', configOf('pacgan'))).toContain('more than a point');
  });

  it('are told in the language of the page, with the same values and symbols', () => {
    const told = toldOf(configOf('r3gan', { objective: 'hinge', learn: 'critic' }));
    const english = phasesOf(told.config).map((phase) => valuesOf(phase, told));
    language.words = zh;
    try {
      expect(phasesOf(told.config).map((phase) => valuesOf(phase, told))).toEqual(english);
      expect(formulasIn('critic-gradient', told)).toContain('|∂L_D/∂D(x)| = D(x) < 1 处为 1，否则为 0 平均 1.000');
      expect(formulasIn('critic-update', told)).toContain('画面上的样本的平均 D(x) 0.000 → 2.000');
      expect(notesOf('sample', told)[0]).toBe('本次训练中 G 不动（学习方：仅 D），所以讲到 D 为止。');
      expect(notesOf('answer', toldOf(configOf('extragradient'))).join()).toContain('外梯度：');
    } finally {
      language.words = en;
    }
    expect(notesOf('sample', told)[0]).toBe('G stands still in this run (Learn: D only), so the telling ends with D.');
    expect(notesOf('sample', toldOf(configOf('lsgan', { play: 'simultaneous' })))[0]).toContain('The play is simultaneous: D and G move together');
    expect(signsOf('critic-update')).toBe('θ: weights; η: learning rate');
    expect(notesOf('generator-gradient', toldOf(configOf('improved-gan-labels'))).join()).toContain('feature matching alone moves it');
  });

  it('have three digits and a real minus', () => {
    expect([0.69314, -0.05, 12.3456, 0, 0.000421, -25_000, NaN].map(figure)).toEqual(['0.693', '−0.0500', '12.346', '0.000', '4.21·10⁻⁴', '−2.50·10⁴', '–']);
    expect([0.1, 0.003, 1e-5, 10].map(setting)).toEqual(['0.1', '0.003', '0.00001', '10']);
  });

  it('follow the schedules as the engine does', () => {
    const schedule = { start: 0.1, end: 0.001, kimg: 1024 };
    expect(scheduled(schedule, 0)).toBeCloseTo(0.1, 12);
    expect(scheduled(schedule, 512_000)).toBeCloseTo(0.0505, 12);
    expect(scheduled(schedule, 2_000_000)).toBe(0.001);
    expect(scheduled({ start: 3, end: 2, kimg: 0 }, 0)).toBe(2);
  });
});
