import { expect, test } from '@playwright/test';
import { RING8, button, command, openLab, stage, state, train } from './page';

test('D* is drawn from the exact p and the fakes, and its loss beside that of D', async ({ page }) => {
  await openLab(page);
  await train(page, 30);
  await page.getByLabel('What the ground shows').selectOption('optimum');
  await expect.poll(async () => (await stage(page))?.best?.step).toBe(30);
  const seen = await stage(page);
  const best = seen?.best;
  if (!seen || !best?.critic) throw new Error('no D*');
  const { view, grid } = seen;
  const cell = ((view.x_max - view.x_min) / grid) ** 2;
  expect(best.p.reduce((sum, p) => sum + p, 0) * cell).toBeCloseTo(1, 2);
  // RpGAN: log p/q wherever both have mass.
  for (let i = 0; i < grid * grid; i++) {
    if (best.p[i] > 1e-3 && best.q[i] > 1e-3) expect(best.critic[i]).toBeCloseTo(Math.log(best.p[i] / best.q[i]), 1);
  }
  expect(best.loss).toBeGreaterThanOrEqual(0);
  expect(best.loss).toBeLessThan(Math.LN2);
  await expect(page.getByTestId('best')).toContainText('step 30');
  await expect(page.getByTestId('least')).not.toHaveText('–');
  // On a mode p, q and D* are read off.
  const box = await page.locator('[data-testid=stage] canvas').boundingBox();
  if (!box) throw new Error('no canvas');
  const at = seen.reals.slice(0, 2);
  await page.mouse.move(box.x + ((at[0] - view.x_min) / (view.x_max - view.x_min)) * box.width, box.y + ((view.y_max - at[1]) / (view.y_max - view.y_min)) * box.height);
  await expect(page.getByTestId('stage').locator('.reading')).toHaveText(/^x -?\d\.\d\d, y -?\d\.\d\d, D 0\.\d\d, D\* (0|1)\.\d\d, p \d.*, q \d/);
});

test('a game whose D* does not follow from p and q says so', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Method').selectOption('wgan-gp');
  await expect.poll(async () => (await state(page)).settings.objective).toBe('wgan');
  await page.getByLabel('Isolines of D*').check();
  await expect(page.getByTestId('best')).toContainText('no D*');
  expect((await stage(page))?.best?.critic).toBeNull();
});

test('a D that compares samples with each other is shown, on a coarser ground', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Method').selectOption('improved-gan');
  await expect.poll(async () => (await state(page)).settings.minibatch).toBe('discrimination');
  await train(page, 5);
  await page.getByLabel('What the ground shows').selectOption('slopes');
  await page.getByLabel('Forces on fakes').check();
  await expect.poll(async () => (await stage(page))?.forces?.length, { timeout: 30_000 }).toBeGreaterThan(0);
  const seen = await stage(page);
  if (!seen?.slopes) throw new Error('nothing seen');
  expect([seen.grid, seen.heat.length, seen.slopes.length]).toEqual([48, 48 * 48, 48 * 48]);
  expect([...seen.heat, ...seen.slopes].every(Number.isFinite)).toBe(true);
  expect((await state(page)).step).toBeGreaterThanOrEqual(5);
});

test('the slope of D is that of its logits, and the mesh is where G takes the noise', async ({ page }) => {
  await openLab(page);
  await train(page, 60);
  await page.getByLabel('What the ground shows').selectOption('slopes');
  await page.getByLabel("G's mesh").check();
  await expect.poll(async () => (await stage(page))?.mesh?.length).toBe(2 * 41 * 41);
  const seen = await stage(page);
  if (!seen?.slopes || !seen.mesh) throw new Error('nothing seen');
  const { grid, heat, slopes, view } = seen;
  const side = (view.x_max - view.x_min) / grid;
  let [far, count] = [0, 0];
  for (let row = 1; row + 1 < grid; row += 3) {
    for (let column = 1; column + 1 < grid; column += 3) {
      const at = row * grid + column;
      const steep = Math.hypot(heat[at + 1] - heat[at - 1], heat[at + grid] - heat[at - grid]) / (2 * side);
      far += Math.abs(steep - slopes[at]);
      count += slopes[at];
    }
  }
  expect(far / count).toBeLessThan(0.1);
  // The mesh spans what the fakes span.
  const spread = (points: number[]) => Math.sqrt(points.reduce((sum, x) => sum + x * x, 0) / points.length);
  expect(spread(seen.mesh) / spread(seen.fakes)).toBeGreaterThan(0.7);
  expect(spread(seen.mesh) / spread(seen.fakes)).toBeLessThan(1.3);
});

test('the stage is zoomed and moved by wheel, drag, buttons and keys, and comes back', async ({ page }) => {
  await openLab(page);
  const home = (await stage(page))?.view;
  if (!home) throw new Error('no stage');
  const view = async () => (await stage(page))?.view ?? home;
  const side = async () => (await view()).x_max - (await view()).x_min;
  const whole = home.x_max - home.x_min;
  await button(page, 'Zoom in').click();
  await expect.poll(side).toBeCloseTo(whole / 1.5, 3);
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await view()).x_min).toBeCloseTo(home.x_min + whole / 6 + 0.15 * (whole / 1.5), 3);
  await expect(page.getByTestId('summary')).toContainText('outside the picture');
  await button(page, 'The whole picture').click();
  await expect.poll(view).toEqual(home);
  const box = await page.locator('[data-testid=stage] canvas').boundingBox();
  if (!box) throw new Error('no canvas');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + box.width / 4, y, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await view()).x_min).toBeCloseTo(home.x_min - whole / 4, 1);
  // Without Ctrl the wheel scrolls the page.
  const before = await view();
  await page.mouse.wheel(0, 40);
  await page.waitForTimeout(200);
  expect(await view()).toEqual(before);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, 100);
  await page.keyboard.up('Control');
  await expect.poll(side).toBeGreaterThan(1.3 * whole);
});

test('any moment of the run can be looked at without moving it, and gone on from', async ({ page }) => {
  await openLab(page);
  const rest = await train(page, 30);
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await stage(page))?.step).toBe(0);
  for (let step = 1; step <= 12; step++) {
    await page.keyboard.press('.');
    await expect.poll(async () => (await stage(page))?.step).toBe(step);
  }
  const now = await stage(page);
  const time = page.getByRole('slider', { name: 'Time machine' });
  await expect(page.getByTestId('moment')).toHaveText('now');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await stage(page))?.step).toBeLessThan(12);
  const past = await stage(page);
  expect(past?.fakes).not.toEqual(now?.fakes);
  expect((await state(page)).step).toBe(12);
  await expect(page.getByTestId('summary')).toContainText(`The past: step ${past?.step}`);
  await time.press('End');
  await expect.poll(async () => (await stage(page))?.fakes).toEqual(now?.fakes);
  // Gone on from, it is the run that it was.
  await time.press('Home');
  await time.press('ArrowRight');
  await expect(page.getByTestId('moment')).toHaveText(/^step [1-9]/);
  const from = Number((await page.getByTestId('moment').textContent())?.slice(5));
  await expect.poll(async () => (await stage(page))?.step).toBe(from);
  expect(from).toBeLessThan(12);
  await button(page, 'Go on from here').click();
  await expect.poll(async () => (await state(page)).step).toBe(from);
  await expect(page.getByTestId('moment')).toHaveText('now');
  expect(await train(page, 30 - from)).toEqual(rest.slice(from));
});

test('one player learns while the other stands still, by keys and by choice', async ({ page }) => {
  await openLab(page);
  const look = () => stage(page);
  const first = await look();
  await page.keyboard.press('d');
  await expect.poll(async () => (await look())?.step).toBe(1);
  const second = await look();
  expect(second?.fakes).toEqual(first?.fakes);
  expect(second?.heat).not.toEqual(first?.heat);
  await page.keyboard.press('g');
  await expect.poll(async () => (await look())?.step).toBe(2);
  const third = await look();
  expect(third?.heat).toEqual(second?.heat);
  expect(third?.fakes).not.toEqual(second?.fakes);
  await page.getByRole('toolbar', { name: 'Training' }).getByLabel('Learn').selectOption('critic');
  await expect.poll(async () => (await state(page)).settings.learn).toBe('critic');
  await train(page, 5);
  await expect.poll(async () => (await look())?.step).toBe(7);
  expect((await look())?.fakes).toEqual(third?.fakes);
});

test('at a speed that is set the run is the same, and stops when it is told to', async ({ page }) => {
  await openLab(page);
  const rest = await train(page, 60);
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await state(page)).step).toBe(0);
  await page.getByLabel('Speed').selectOption('20');
  await button(page, 'Train').click();
  const begin = Date.now();
  await expect.poll(async () => (await state(page)).step, { intervals: [50] }).toBeGreaterThanOrEqual(20);
  const seconds = (Date.now() - begin) / 1000;
  expect(seconds).toBeGreaterThan(0.7);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await state(page)).playing).toBe(false);
  const stopped = (await state(page)).step;
  await page.waitForTimeout(300);
  expect((await state(page)).step).toBe(stopped);
  expect(stopped).toBeLessThan(60);
  expect(await train(page, 60 - stopped)).toEqual(rest.slice(stopped));
  await page.keyboard.press(']');
  await expect(page.getByLabel('Speed')).toHaveValue('100');
});

test('quality is followed over time beside what the data score against themselves', async ({ page }) => {
  await openLab(page);
  await train(page, 10);
  await page.getByLabel('Which quality').selectOption('hq');
  await expect(page.getByTestId('quality')).toHaveText(/%/);
  await page.getByLabel('Which quality').selectOption('tv');
  await expect.poll(async () => (await state(page)).metrics?.scores.map(({ score }) => score)).toContain('tv');
  await expect(page.getByTestId('quality')).toHaveText(/^[01]\.?\d*/);
});

test('while it trains a second worker looks, and sees at a step what the first would', async ({ page }) => {
  // Counts the looks that each worker is asked for.
  await page.addInitScript(() => {
    const asked: Map<Worker, number> = new Map();
    Object.assign(window, { looks: () => [...asked.values()] });
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: { command?: { type: string } }) {
      asked.set(this, (asked.get(this) ?? 0) + Number(message.command?.type === 'look'));
      post.call(this, message);
    } as typeof post;
  });
  const looks = () => page.evaluate(() => (window as unknown as { looks: () => number[] }).looks());
  await openLab(page);
  await button(page, 'Train').click();
  await expect.poll(async () => (await looks())[1] ?? 0, { timeout: 30_000 }).toBeGreaterThan(3);
  const [own] = await looks();
  const seen = await stage(page);
  if (!seen) throw new Error('nothing seen');
  await expect.poll(async () => (await stage(page))?.step).toBeGreaterThan(seen.step);
  // Of the first one nothing but checkpoints is asked meanwhile.
  expect((await looks())[0]).toBe(own);
  await button(page, 'Pause').click();
  // The last steps may still be on their way.
  await expect.poll(async () => (await looks())[0]).toBeGreaterThan(own);
  await expect.poll(async () => ((await stage(page))?.step ?? NaN) - (await state(page)).step).toBe(0);

  await command(page, { type: 'reset', config: RING8 });
  await train(page, seen.step);
  const { view, grid } = seen;
  const { buffers } = await command(page, { type: 'look', view, samples: seen.fakes.length / 2, grid, extras: [] });
  expect(buffers[1]).toEqual(seen.fakes);
  expect(buffers[2]).toEqual(seen.heat);
});
