import { RING8, command, expect, openLab, state, test, train } from './page';

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
