// Keys that take the run along, and the presenter. Keys that move the run are in `lab.spec.ts`.
import type { Page } from '@playwright/test';
import { button, expect, openLab, stage, state, test, train } from './page';

const said = (page: Page, text: string) => page.locator('p[aria-live="polite"].fresh').filter({ hasText: text });
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const letters = (page: Page) => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));

test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));

test('s copies the link to the run and says so where one looks', async ({ page }) => {
  await openLab(page);
  const batch = page.getByRole('spinbutton', { name: 'Batch', exact: true });
  await batch.fill('32');
  await batch.press('Enter');
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('batch=32');
  // In a field it is a letter.
  await page.keyboard.press('s');
  await expect(said(page, 'Link copied.')).toHaveCount(0);
  await batch.blur();
  await page.keyboard.press('s');
  await expect(said(page, 'Link copied.')).toBeInViewport();
  expect(await copied(page)).toBe(page.url());
  expect(new URL(await copied(page)).hash).toContain('batch=32');
  await expect(page.locator('p.copied')).toHaveText('Link copied.');
  // It goes by itself.
  await expect(page.locator('p[aria-live="polite"].fresh')).toHaveCount(0);
});

test('points of your own fit into no link, and s says so', async ({ page }) => {
  await openLab(page);
  await page.locator('input[type=file][accept*=".csv"]').setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from('1,2\n3,4\n5,6\n') });
  await expect.poll(async () => (await state(page)).settings.data).toBe('points');
  await page.evaluate(() => navigator.clipboard.writeText('before'));
  await page.keyboard.press('s');
  await expect(said(page, 'do not fit into a link')).toBeVisible();
  expect(await copied(page)).toBe('before');
});

test('e goes to what can be taken along, and Enter takes it', async ({ page }) => {
  await openLab(page);
  await page.keyboard.press('e');
  await expect(button(page, 'Save checkpoint')).toBeFocused();
  await expect(button(page, 'Save checkpoint')).toBeInViewport();
  const file = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await file).suggestedFilename()).toMatch(/\.sparring$/);
});

test('p shows the page to a class: large letters, no forms, the run untouched', async ({ page }) => {
  await openLab(page);
  await train(page, 3);
  const before = await letters(page);
  const plain = await page.getByTestId('stage').locator('canvas').boundingBox();
  await expect.poll(async () => (await stage(page))?.step).toBe(3);
  const looked = await stage(page);
  await page.keyboard.press('p');
  await expect(page.getByTestId('presented')).toContainText('Ring of 8');
  expect(await letters(page)).toBeGreaterThan(1.15 * before);
  for (const hidden of ['Settings', 'Files', 'Data']) await expect(page.getByRole('heading', { name: hidden, exact: true }), hidden).toHaveCount(0);
  await expect(page.getByLabel('Method')).toHaveCount(0);
  await expect(page.getByLabel('Seed')).toHaveCount(0);
  const shown = await page.getByTestId('stage').locator('canvas').boundingBox();
  expect(shown?.width).toBeGreaterThan(plain?.width ?? Infinity);
  // The axes of the charts grow too.
  await expect.poll(() => page.locator('.uplot').first().evaluate((plot) => plot.clientHeight)).toBeGreaterThan(150);
  expect((await stage(page))?.fakes).toEqual(looked?.fakes);
  // Nothing of it is told by the link.
  expect(page.url()).not.toContain('hide');
  await page.keyboard.press('.');
  await expect.poll(async () => (await state(page)).step).toBe(4);
  await page.keyboard.press('p');
  await expect(page.getByTestId('presented')).toHaveCount(0);
  expect(await letters(page)).toBe(before);
  await page.keyboard.press('p');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('presented')).toHaveCount(0);
  await button(page, 'Presenter').click();
  await button(page, 'End presenting').click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

test('slow motion keeps its own p and Escape while a class looks', async ({ page }) => {
  await openLab(page);
  await page.keyboard.press('p');
  await page.keyboard.press('m');
  const phase = () => page.evaluate(() => window.sparring.narration()?.phase);
  await expect.poll(phase).toBe('sample');
  await page.keyboard.press('n');
  await expect.poll(phase).toBe('answer');
  await page.keyboard.press('p');
  await expect.poll(phase).toBe('sample');
  await expect(page.getByTestId('presented')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(phase).toBeUndefined();
  await expect(page.getByTestId('presented')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('presented')).toHaveCount(0);
});

test('another room ends the presenter, and the help names the keys in both languages', async ({ page }) => {
  await openLab(page);
  await page.keyboard.press('p');
  await page.evaluate(() => (location.hash = '#latent'));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Latent');
  expect(await page.evaluate(() => document.documentElement.className)).toBe('');
  // No key of the lab's.
  await page.keyboard.press('p');
  await expect(page.getByTestId('presented')).toHaveCount(0);
  await page.keyboard.press('?');
  for (const meaning of ['copy the link', 'to the files', 'presenter']) await expect(page.getByRole('dialog')).toContainText(meaning);
  // Not while a dialog is open.
  await page.keyboard.press('s');
  await expect(page.locator('p.fresh')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.evaluate(() => (location.hash = '#lab?lang=zh'));
  // The words come first, which may take a moment.
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  await expect(page.getByTestId('stage')).toBeVisible();
  await page.keyboard.press('?');
  for (const meaning of ['复制本次训练的链接', '转到文件', '演示模式']) await expect(page.getByRole('dialog')).toContainText(meaning);
});
