import { button, expect, openLab, state, test, train } from './page';

test('without a WebGPU adapter the run stays on the CPU, goes on, and the page says why', async ({ page }) => {
  await openLab(page);
  await train(page, 6);
  await page.getByLabel('Compute on').selectOption('WebGPU');
  await expect(page.getByRole('status')).toContainText('Continues on the CPU from image 1,536 because');
  expect(await state(page)).toMatchObject({ status: 'ready', step: 6, device: { kind: 'cpu' } });
  await expect(page.getByLabel('Compute on')).toHaveValue('cpu');
  expect((await train(page, 1))[0].step).toBe(7);
});

test('a crashed engine is replaced from its last checkpoint and trains on; a second crash is told clearly, and ↺ starts afresh', async ({ page }) => {
  await openLab(page);
  await button(page, 'Train').click();
  // A playing run is kept every five seconds.
  await page.waitForTimeout(6_500);
  const { step } = await state(page);
  await page.evaluate(() => window.sparring.crash('a test ended it'));
  await expect(page.getByRole('status')).toContainText(/Continues on the CPU from image [1-9][\d,]* because a test ended it\./);
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(step);
  expect(await state(page)).toMatchObject({ playing: true, status: 'ready' });

  await page.evaluate(() => window.sparring.crash('a test ended it again'));
  await expect(page.getByRole('alert')).toContainText('the engine stopped: a test ended it again');
  expect(await state(page)).toMatchObject({ playing: false, status: 'dead', error: { code: 'crashed' } });

  await page.getByRole('button', { name: /^Back to image/ }).click();
  await expect.poll(async () => (await state(page)).status).toBe('ready');
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(0);
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await state(page)).step).toBe(0);
  await expect(page.getByRole('alert')).toBeHidden();
  expect((await train(page, 1))[0].step).toBe(1);
});
