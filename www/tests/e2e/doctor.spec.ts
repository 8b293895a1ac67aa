import { type Page, expect, test } from '@playwright/test';
import { button, openLab, state, train } from './page';

const found = async (page: Page) => (await state(page)).findings?.map(({ ailment }) => ailment) ?? null;
const rival = (page: Page) => page.evaluate(() => window.sparring.rival()?.state ?? null);
const exhibit = (page: Page, title: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });

test('a healthy run is left alone', async ({ page }) => {
  await openLab(page);
  await train(page, 250);
  await expect.poll(() => found(page)).toEqual([]);
  await expect(page.getByTestId('doctor')).toContainText('Nothing is wrong.');
});

test('an exhibit fails as it says, the doctor tells why, and the remedy is tried beside it', async ({ page }) => {
  await openLab(page);
  await page.getByText('Gallery of failures').click();
  await exhibit(page, 'Mode collapse').getByRole('button', { name: 'Let it fail' }).click();
  await expect.poll(async () => (await state(page)).settings).toMatchObject({ objective: 'non_saturating', batch: 128, r1: { start: 0 } });
  await expect.poll(() => found(page), { timeout: 60_000 }).toContain('mode_collapse');
  await button(page, 'Pause').click();
  // A pause is measured at once.
  await expect.poll(async () => ((now) => !now.playing && now.metrics_step === now.step)(await state(page))).toBe(true);
  await expect(page.getByTestId('doctor')).toContainText('limit');
  const [finding] = (await state(page)).findings ?? [];
  await button(page, 'Try the remedy beside it').click();
  await expect.poll(async () => (await rival(page))?.settings).toEqual(finding.remedy);
  await expect(page.getByTestId('chip').first()).toBeVisible();
  expect((await rival(page))?.step).toBe((await state(page)).step);
});

test('an exhibit beside its remedy: A fails and B does not, and the link tells of both', async ({ page }) => {
  await openLab(page);
  await page.getByText('Gallery of failures').click();
  await exhibit(page, 'D too weak').getByRole('button', { name: 'Beside its remedy' }).click();
  await expect.poll(async () => (await rival(page))?.step ?? 0, { timeout: 60_000 }).toBeGreaterThan(600);
  await expect.poll(() => found(page), { timeout: 30_000 }).toContain('weak_critic');
  expect((await rival(page))?.findings).toEqual([]);
  await button(page, 'Pause').click();
  await expect.poll(async () => (await state(page)).playing).toBe(false);
  const address = new URL(page.url());
  expect(address.hash).toContain('ttur=0.001');
  expect(address.hash).toContain('b=ttur%3D1');
  // Another visitor sees the same two.
  const settings = [(await state(page)).settings, (await rival(page))?.settings];
  await page.goto('about:blank');
  await page.goto(address.href);
  await expect.poll(async () => [(await state(page)).settings, (await rival(page))?.settings], { timeout: 60_000 }).toEqual(settings);
  expect([(await state(page)).step, (await rival(page))?.step]).toEqual([0, 0]);
});

test('a run that diverges is told, and goes on from before with the remedy', async ({ page }) => {
  await openLab(page);
  await page.getByText('Gallery of failures').click();
  await exhibit(page, 'Divergence').getByRole('button', { name: 'Let it fail' }).click();
  await expect.poll(async () => (await state(page)).error?.code, { timeout: 60_000 }).toBe('diverged');
  await expect.poll(() => found(page)).toContain('divergence');
  const at = (await state(page)).step;
  await button(page, 'Try the remedy beside it').click();
  await expect.poll(async () => (await rival(page))?.settings.gradient_penalty, { timeout: 30_000 }).toBe('wgan_gp');
  expect((await rival(page))?.step).toBeLessThanOrEqual(at);
});

test('n goes through the gallery: a failure, the same beside its remedy, the next failure', async ({ page }) => {
  await openLab(page);
  await page.keyboard.press('n');
  await expect(page.getByRole('status')).toHaveText('Gallery, step 1 of 16: Mode collapse. Next (n): beside its remedy.');
  await expect.poll(async () => ((now) => now.playing && now.settings)(await state(page))).toMatchObject({ data: 'ring8', r1: { start: 0 } });
  expect(await rival(page)).toBeNull();
  await page.keyboard.press('n');
  await expect(page.getByRole('status')).toHaveText('Gallery, step 2 of 16: Mode collapse (A) beside its remedy (B). Next (n): Mode hopping.');
  await expect.poll(async () => (await rival(page))?.settings).toMatchObject({ r1: { start: 0.1 }, r2: { start: 0.1 } });
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(0);
  await page.keyboard.press('n');
  await expect(page.getByRole('status')).toHaveText('Gallery, step 3 of 16: Mode hopping. Next (n): beside its remedy.');
  await expect.poll(async () => (await state(page)).settings).toMatchObject({ lr: { start: 0.003 } });
  await expect.poll(() => rival(page)).toBeNull();
  // Going back to image 0 ends the sentence, not the lesson; in slow motion n belongs to the telling.
  await page.keyboard.press('r');
  await expect(page.getByRole('status')).toHaveCount(0);
  await page.keyboard.press('m');
  await expect(page.getByRole('region', { name: 'Slow motion' })).toBeVisible();
  await page.keyboard.press('n');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Slow motion' })).toBeHidden();
  await expect(page.getByRole('status')).toHaveCount(0);
  await page.keyboard.press('n');
  await expect(page.getByRole('status')).toHaveText('Gallery, step 4 of 16: Mode hopping (A) beside its remedy (B). Next (n): Oscillation.');
});
