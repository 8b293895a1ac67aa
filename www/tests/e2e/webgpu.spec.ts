import type { Worker } from '@playwright/test';
import type { TrainConfig } from '../../src/generated/types';
import { RING8, command, configOf, expect, openLab, state, test, train } from './page';

// The software adapter takes seconds a step, and much longer for the first of each kind.
const TINY = { ...RING8, batch: 8, generator: { ...RING8.generator, width: 8, depth: 1 }, critic: { ...RING8.critic, width: 8, depth: 1 } };

test('WebGPU trains the same first steps as the CPU, and the run moves there and back', async ({ page }) => {
  await openLab(page);
  await command(page, { type: 'reset', config: TINY });
  const cpu = await train(page, 2);
  await page.getByLabel('Compute on').selectOption('WebGPU');
  await expect.poll(async () => (await state(page)).device?.kind, { timeout: 600_000 }).toBe('gpu');
  await expect.poll(async () => (await state(page)).status, { timeout: 600_000 }).toBe('ready');
  expect(await state(page)).toMatchObject({ step: 2, note: '' });

  await command(page, { type: 'reset', config: TINY });
  const gpu = await train(page, 2);
  expect((await state(page)).device?.kind).toBe('gpu');
  expect(gpu.map((report) => report.step)).toEqual([1, 2]);
  for (const report of gpu) expect(Object.values(report).every(Number.isFinite)).toBe(true);
  for (const key of ['loss_d', 'loss_g', 'r1', 'r2', 'd_real', 'd_fake'] as const) expect(Math.abs(gpu[0][key] - cpu[0][key])).toBeLessThan(1e-3);

  await page.getByLabel('Compute on').selectOption('CPU');
  await expect.poll(async () => (await state(page)).device?.kind, { timeout: 600_000 }).toBe('cpu');
  await expect.poll(async () => (await state(page)).step).toBe(2);
  expect((await train(page, 1))[0].step).toBe(3);
});

/** Every objective, penalty, place of a penalty and activation of the shaders. */
const off = { start: 0, end: 0, kimg: 0 };
const on = (weight: number) => ({ start: weight, end: weight, kimg: 0 });
const SHADED: Partial<TrainConfig>[] = [
  { objective: 'rpgan', r1: on(1), r2: on(0.3), batch: 37 },
  { objective: 'minimax', r1: off, r2: off, real_label: 0.9 },
  { objective: 'non_saturating', r1: on(1), r2: off, critic: { ...TINY.critic, activation: 'swish' }, generator: { ...TINY.generator, activation: 'tanh', depth: 3 } },
  { objective: 'lsgan', r1: off, r2: on(1), critic: { ...TINY.critic, activation: 'tanh', width: 19 } },
  { objective: 'wgan', r1: off, r2: off, gradient_penalty: 'wgan_gp', gp_weight: on(1), n_critic: 2, critic: { ...TINY.critic, activation: 'elu' } },
  { objective: 'hinge', r1: off, r2: off, gradient_penalty: 'dragan', gp_weight: on(1), generator: { ...TINY.generator, activation: 'relu' } },
  { objective: 'ragan', r1: on(1), r2: on(1), critic: { ...TINY.critic, activation: 'tanh' }, latent: 'uniform' },
  { objective: 'kl_fgan', r1: off, r2: off, gradient_penalty: 'wgan_gp_one_sided', gp_weight: on(1), weight_clip: 0.5 },
];

test('the shaders train every objective, penalty and activation as the CPU does, in twelve dispatches a step', async ({ page }) => {
  await openLab(page);
  const runs = async () => {
    const reports = [];
    for (const game of SHADED) {
      const { event } = await command(page, { type: 'reset', config: { ...TINY, ...game } });
      expect(event, JSON.stringify(event)).toMatchObject({ type: 'started' });
      reports.push(await train(page, 3));
    }
    return reports;
  };
  const cpu = await runs();
  await page.getByLabel('Compute on').selectOption('WebGPU');
  await expect.poll(async () => (await state(page)).device?.kind, { timeout: 600_000 }).toBe('gpu');
  await expect.poll(async () => (await state(page)).status, { timeout: 600_000 }).toBe('ready');
  const gpu = await runs();
  for (const [i, game] of SHADED.entries()) {
    for (const [step, report] of gpu[i].entries()) {
      const expected = cpu[i][step];
      // Only the difference of the logits means anything to a critic that is known up to a constant.
      const pairs = [...(['loss_d', 'loss_g', 'r1', 'r2', 'slope', 'norm_d', 'norm_g'] as const).map((key) => [report[key], expected[key]]), [report.d_real - report.d_fake, expected.d_real - expected.d_fake]];
      for (const [a, b] of pairs) expect(Math.abs(a - b), `${game.objective}, step ${step}: ${JSON.stringify([report, expected])}`).toBeLessThan(1e-4 * (1 + Math.abs(b)));
    }
  }

  // The page's looks go through burn and have dispatches of their own; those of the game are told by the names of their pipelines.
  const worker = page.workers().at(-1) as Worker;
  const count = (steps: number) => train(page, steps).then(() => worker.evaluate(() => (globalThis as unknown as { dispatches: number }).dispatches));
  await worker.evaluate(() => {
    const global = globalThis as unknown as { dispatches: number };
    const { setPipeline, dispatchWorkgroups } = GPUComputePassEncoder.prototype;
    const names = ['generate', 'judge', 'lose', 'learn', 'differentiate', 'move_player'];
    let ours = false;
    global.dispatches = 0;
    GPUComputePassEncoder.prototype.setPipeline = function (pipeline) {
      ours = names.includes(pipeline.label);
      setPipeline.call(this, pipeline);
    };
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...groups) {
      global.dispatches += ours ? 1 : 0;
      dispatchWorkgroups.apply(this, groups);
    };
  });
  await command(page, { type: 'reset', config: TINY });
  await train(page, 1); // takes up the state
  const before = await count(1);
  expect((await count(11)) - before).toBe(12 * 11);
});

/** A game of convolutions on drawings of 8x8 pixels, which the engine makes itself; the lab shows none, so it is asked by commands. */
const SHAPES = configOf('shapes');
const DRAWN: TrainConfig = { ...SHAPES, image: { ...SHAPES.image, resolution: 8 }, generator: { ...SHAPES.generator, width: 8 }, batch: 5, latent_dim: 3, lr: on(0.0003) };

test('image games train on WebGPU as on the CPU, in a dispatch for each layer and pass', async ({ page }) => {
  await openLab(page);
  const games: Partial<TrainConfig>[] = [
    { objective: 'non_saturating', r1: on(1), r2: on(1) },
    { objective: 'wgan', r1: off, r2: off, gradient_penalty: 'wgan_gp', gp_weight: on(10), n_critic: 2 },
  ];
  const runs = async () => {
    const reports = [];
    for (const game of games) {
      const { event } = await command(page, { type: 'reset', config: { ...DRAWN, ...game } });
      expect(event, JSON.stringify(event)).toMatchObject({ type: 'started', scene: null });
      reports.push(await train(page, 3));
    }
    return reports;
  };
  const cpu = await runs();
  await command(page, { type: 'reset', config: TINY });
  await page.getByLabel('Compute on').selectOption('WebGPU');
  await expect.poll(async () => (await state(page)).device?.kind, { timeout: 600_000 }).toBe('gpu');
  await expect.poll(async () => (await state(page)).status, { timeout: 600_000 }).toBe('ready');
  const gpu = await runs();
  for (const [i, game] of games.entries()) {
    for (const [step, report] of gpu[i].entries()) {
      const expected = cpu[i][step];
      const pairs = [...(['loss_d', 'loss_g', 'r1', 'r2', 'slope', 'norm_d', 'norm_g'] as const).map((key) => [report[key], expected[key]]), [report.d_real - report.d_fake, expected.d_real - expected.d_fake]];
      for (const [a, b] of pairs) expect(Math.abs(a - b), `${game.objective}, step ${step}: ${JSON.stringify([report, expected])}`).toBeLessThan(5e-4 * (1 + Math.abs(b)));
    }
  }
  const worker = page.workers().at(-1) as Worker;
  await worker.evaluate(() => {
    const global = globalThis as unknown as { dispatches: number };
    const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
    global.dispatches = 0;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...groups) {
      global.dispatches += 1;
      dispatchWorkgroups.apply(this, groups);
    };
  });
  const perStep = async (game: Partial<TrainConfig>) => {
    await command(page, { type: 'reset', config: { ...DRAWN, ...games[0], ...game } });
    const count = () => worker.evaluate(() => (globalThis as unknown as { dispatches: number }).dispatches);
    await train(page, 1);
    const before = await count();
    await train(page, 2);
    return ((await count()) - before) / 2;
  };
  const [shaders, tensors] = [await perStep({}), await perStep({ instance_noise: on(1e-6) })];
  expect(shaders).toBe(119);
  expect(tensors).toBeGreaterThan(5 * shaders);
});

test('a WebGPU engine that dies is continued on the CPU', async ({ page }) => {
  await openLab(page);
  await command(page, { type: 'reset', config: TINY });
  await train(page, 3);
  await page.getByLabel('Compute on').selectOption('WebGPU');
  await expect.poll(async () => (await state(page)).device?.kind, { timeout: 600_000 }).toBe('gpu');
  await expect.poll(async () => (await state(page)).status, { timeout: 600_000 }).toBe('ready');
  await page.evaluate(() => window.sparring.crash('the device was lost'));
  await expect(page.getByRole('status')).toContainText('Continues on the CPU from image 24 because the device was lost.');
  expect(await state(page)).toMatchObject({ step: 3, device: { kind: 'cpu' } });
  expect((await train(page, 1))[0].step).toBe(4);
});
