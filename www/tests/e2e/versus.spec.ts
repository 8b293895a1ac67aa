import { expect, test } from '@playwright/test';
import scenes from '../../src/generated/scenes.json' with { type: 'json' };
import { button, command, openLab, stage, state, train } from './page';

const stages = (page: import('@playwright/test').Page) => page.evaluate(() => [window.sparring.stage(), window.sparring.rival()?.stage ?? null]);
const rival = (page: import('@playwright/test').Page) => page.evaluate(() => window.sparring.rival()?.state ?? null);

test('B is a copy of A that goes on like it, until one thing is changed', async ({ page }) => {
  await openLab(page);
  await train(page, 20);
  await page.keyboard.press('b');
  await expect.poll(async () => (await rival(page))?.step).toBe(20);
  await expect(page.getByTestId('stage-B')).toBeVisible();
  await page.keyboard.press('.');
  await expect.poll(async () => (await stages(page)).map((each) => each?.step)).toEqual([21, 21]);
  const [a, b] = await stages(page);
  expect(b?.fakes).toEqual(a?.fakes);
  expect(b?.heat).toEqual(a?.heat);
  // A live setting of B, told by a chip.
  await page.getByLabel('Learning rate start').fill('0.02');
  await page.getByLabel('Learning rate start').press('Enter');
  await expect(page.getByTestId('chip')).toHaveText(/Learning rate start: 0.003 → 0.02/);
  expect((await state(page)).settings.lr.start).toBe(0.003);
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('Space');
  await expect.poll(async () => (await rival(page))?.step).toBeGreaterThan(24);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await state(page)).playing).toBe(false);
  const step = (await state(page)).step;
  await expect.poll(async () => (await stages(page)).map((each) => each?.step)).toEqual([step, step]);
  const [after, other] = await stages(page);
  expect(other?.fakes).not.toEqual(after?.fakes);
  expect(other?.reals).toEqual(after?.reals);
});

test('A goes on as if B had never been, and B can take its place', async ({ page }) => {
  await openLab(page);
  const rest = await train(page, 30);
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await state(page)).step).toBe(0);
  await train(page, 10);
  await button(page, 'A/B from here').click();
  await expect.poll(async () => (await rival(page))?.step).toBe(10);
  await page.getByLabel('Learning rate start').fill('0.02');
  await page.getByLabel('Learning rate start').press('Enter');
  await expect(page.getByTestId('chip')).toBeVisible();
  for (let step = 11; step <= 13; step++) {
    await button(page, 'One step').click();
    await expect.poll(async () => [(await state(page)).step, (await rival(page))?.step]).toEqual([step, step]);
  }
  const curves = await rival(page);
  await button(page, 'Keep A').click();
  await expect.poll(async () => rival(page)).toBeNull();
  expect(await train(page, 17)).toEqual(rest.slice(13));
  // The other way round.
  await button(page, 'A/B from here').click();
  await expect.poll(async () => (await rival(page))?.step).toBe(30);
  await page.getByLabel('Learning rate start').fill('0.01');
  await page.getByLabel('Learning rate start').press('Enter');
  await expect(page.getByTestId('chip')).toBeVisible();
  await button(page, 'Keep B').click();
  await expect.poll(async () => (await state(page)).settings.lr.start).toBe(0.01);
  expect((await state(page)).step).toBe(30);
  expect(curves?.report.loss_d).not.toBeNull();
  expect(await stage(page)).not.toBeNull();
});

test('B is seen from where A was, and other data from their own view', async ({ page }) => {
  await openLab(page);
  const home = (await stage(page))?.view;
  await button(page, 'Zoom in').click();
  await expect.poll(async () => (await stage(page))?.view).not.toEqual(home);
  const near = (await stage(page))?.view;
  await button(page, 'A/B from here').click();
  await expect.poll(async () => (await stages(page)).map((each) => each?.view)).toEqual([near, near]);
  await button(page, 'Keep B').click();
  await expect.poll(() => rival(page)).toBeNull();
  // The same data anew are the same plane.
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await state(page)).step).toBe(0);
  expect((await stage(page))?.view).toEqual(near);
  await button(page, 'Grid of 25').click();
  await expect.poll(async () => (await state(page)).settings.data).toBe('grid25');
  await expect(button(page, 'The whole picture')).toBeDisabled();
  await expect.poll(async () => (await stage(page))?.view).toEqual(scenes.grid25.view);
});

test('the latent room and back leaves both runs on the stage, at image 0 and later', async ({ page }) => {
  await openLab(page);
  for (const step of [0, 20]) {
    await train(page, step);
    await page.keyboard.press('b');
    await expect.poll(async () => (await rival(page))?.step).toBe(step);
    await page.getByRole('link', { name: 'Latent' }).click();
    await expect(page.getByTestId('stage-B')).toHaveCount(0);
    await page.getByRole('link', { name: 'Lab', exact: true }).click();
    await expect(page.getByTestId('stage-B')).toBeVisible();
    expect([(await state(page)).step, (await rival(page))?.step]).toEqual([step, step]);
    await button(page, 'Keep A').click();
    await expect.poll(() => rival(page)).toBeNull();
  }
});

test('a saved run that is opened stands alone, and a file that is refused leaves both', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Seed').fill('5');
  await page.getByLabel('Seed').press('Enter');
  await expect.poll(async () => (await state(page)).seed).toBe(5);
  const file = page.locator('input[type=file][accept=".sparring"]');
  const open = (bytes: number[]) => file.setInputFiles({ name: 'mine.sparring', mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
  await train(page, 3);
  const [saved] = (await command(page, { type: 'save' })).buffers;
  await train(page, 4);
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('b');
  await expect.poll(async () => (await rival(page))?.step).toBe(7);
  await open([1, 2, 3]);
  await expect(page.getByRole('alert')).toContainText('mine.sparring');
  expect([(await state(page)).step, (await rival(page))?.step]).toEqual([7, 7]);
  await open(saved);
  await expect.poll(() => rival(page)).toBeNull();
  expect((await state(page)).step).toBe(3);
});
