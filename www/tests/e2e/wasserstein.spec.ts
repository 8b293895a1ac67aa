// The exact W1 and what a Wasserstein D thinks it is, in one chart.
import type { Page } from '@playwright/test';
import { button, expect, openLab, state, test, train } from './page';

/** Data units per unit that D sees: the spread of `ring8`. */
const UNIT = Math.sqrt((1 + 2 * 0.01 ** 2) / 2);

async function open(page: Page, settings: string): Promise<void> {
  await page.goto(`#lab?method=wgan-gp&${settings}`);
  await expect.poll(() => page.evaluate(() => window.sparring?.stage()?.step), { timeout: 60_000 }).toBe(0);
}

const shown = async (page: Page, id: string) => Number(await page.getByTestId(id).textContent());

/** Trains in parts, each measured at its end. */
async function trained(page: Page, parts: number, steps: number): Promise<void> {
  const from = (await state(page)).step;
  for (let part = 1; part <= parts; part++) {
    await train(page, steps);
    await expect.poll(async () => (await state(page)).metrics_step).toBe(from + part * steps);
  }
}

/** The table behind the chart of quality. */
async function table(page: Page): Promise<{ head: string[]; rows: number[][] }> {
  const found = page.getByRole('table', { name: 'W1', exact: true });
  if (!(await found.isVisible())) await page.locator('.panel', { has: page.getByLabel('Which quality') }).getByText('As a table').click();
  const rows = await found.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => Number(cell.textContent?.replace(/,/g, '')))));
  return { head: await found.getByRole('columnheader').allTextContents(), rows };
}

test('D estimates W1 where a penalty holds its slope near 1, and more where that is light', async ({ page }) => {
  await open(page, 'gp_weight.start=1&gp_weight.end=1');
  await expect(page.getByLabel('Which quality')).toHaveValue('w1');
  await trained(page, 6, 175);
  const { head, rows } = await table(page);
  expect(head).toEqual(['Step', 'W1', "D's estimate"]);
  for (const [step, w1, estimate] of rows.filter(([step]) => step >= 700)) {
    expect(estimate / w1, `step ${step}`).toBeGreaterThan(0.6);
    expect(estimate / w1, `step ${step}`).toBeLessThan(1.6);
  }
  expect(rows.at(-1)?.[1]).toBeLessThan(0.6 * Math.max(...rows.map(([, w1]) => w1)));
  // The preset's weight of .1 lets the best D be as steep as 1 + W1/2λ.
  await open(page, '');
  await trained(page, 6, 175);
  expect((await shown(page, 'estimate')) / (await shown(page, 'quality'))).toBeGreaterThan(1.2);
  expect((await shown(page, 'estimate')) / (await shown(page, 'quality'))).toBeLessThan(3);
});

test('the estimate is the difference of what D says of data and fakes, in data units', async ({ page }) => {
  await open(page, '');
  await page.getByLabel('Smoothing').fill('0');
  const [{ d_real, d_fake }] = (await train(page, 40)).slice(-1);
  await expect(page.getByTestId('estimate')).toHaveText((UNIT * (d_real - d_fake)).toPrecision(3));
  await expect.poll(async () => (await state(page)).metrics_step).toBe(40);
  const [last] = (await table(page)).rows.slice(-1);
  expect(last).toEqual([40, Number((await state(page)).metrics?.scores.find(({ score }) => score === 'w1')?.value.toPrecision(3)), Number((UNIT * (d_real - d_fake)).toPrecision(3))]);
  await expect(page.getByRole('img', { name: /^W1 over 40 steps; now .*, the data themselves .* D estimates/ })).toBeVisible();
});

test('only a Wasserstein game has it, and what the reader chose stays', async ({ page }) => {
  await openLab(page);
  await expect(page.getByLabel('Which quality')).toHaveValue('sliced_w1');
  await page.getByLabel('Which quality').selectOption('w1');
  await train(page, 5);
  await expect(page.getByTestId('quality')).not.toHaveText('–');
  await expect(page.getByTestId('estimate')).toHaveCount(0);
  await page.getByLabel('Which quality').selectOption('hq');
  await page.getByLabel('Objective', { exact: true }).selectOption('wgan');
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await state(page)).settings.objective).toBe('wgan');
  await expect(page.getByLabel('Which quality')).toHaveValue('hq');
  await page.getByLabel('Which quality').selectOption('w1');
  await expect(page.getByTestId('estimate')).toHaveCount(1);
});
