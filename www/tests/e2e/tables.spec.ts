// The tables behind the charts.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { button, expect, openLab, state, test, train } from './page';

/** The files of curves, a record a line; NaN where nothing was measured. */
async function csv(page: Page, name: string): Promise<Record<string, number>[]> {
  const download = page.waitForEvent('download');
  await button(page, name).click();
  const [head, ...lines] = readFileSync(await (await download).path(), 'utf8').trim().split('\n').map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [head[i], cell === '' ? NaN : Number(cell)])));
}

/** Opens the table of a name and reads it: its heads, and its rows as numbers. */
async function table(page: Page, name: string): Promise<{ head: string[]; rows: number[][] }> {
  const found = page.getByRole('table', { name, exact: true });
  const unfold = page.locator('.panel').filter({ has: page.getByRole('heading', { name: /^(Losses|Quality|Players|Coverage)$/ }) }).getByText('As a table');
  for (const each of await unfold.all()) if (!(await found.isVisible())) await each.click();
  await found.waitFor(); // its rows are made when it is open
  const head = await found.getByRole('columnheader').allTextContents();
  const rows = await found.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
  return { head, rows: rows.map((cells) => cells.map((cell) => Number(cell.replace(/,/g, '')))) };
}

/** Where a dozen rows stand among so many. */
const places = (count: number) => Array.from({ length: 12 }, (_, i) => Math.round((i * (count - 1)) / 11));

test('the losses, the norms and the accuracy can be read in tables, the same as in the file', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Smoothing').fill('0');
  await train(page, 100);
  const file = await csv(page, 'Losses (CSV)');
  expect(file).toHaveLength(100);
  const rows = places(100).map((at) => file[at]);

  const losses = await table(page, 'Losses');
  expect(losses.head.slice(0, 3)).toEqual(['Step', 'D', 'G']);
  expect(losses.rows.map((row) => row.slice(0, 3))).toEqual(rows.map(({ step, loss_d, loss_g }) => [step, Number(loss_d.toFixed(3)), Number(loss_g.toFixed(3))]));
  // What names a row or a column is told as such.
  await expect(page.getByRole('table', { name: 'Losses', exact: true }).getByRole('rowheader').last()).toHaveText('100');

  const accuracy = await table(page, "D's accuracy");
  expect(accuracy.head).toEqual(['Step', "D's accuracy"]);
  const shown = await page.getByRole('table', { name: "D's accuracy" }).getByRole('cell').allTextContents();
  expect(shown).toEqual(rows.map(({ accuracy }) => `${(100 * accuracy).toFixed(1)}\u00a0%`));

  await page.getByLabel('Which of their figures').selectOption('norms');
  const norms = await table(page, 'Norms of the gradients');
  expect(norms.rows).toEqual(rows.map(({ step, norm_d, norm_g }) => [step, Number(norm_d.toPrecision(2)), Number(norm_g.toPrecision(2))]));
});

test('the table of quality follows the choice and the run, and is only there while it is open', async ({ page }) => {
  await openLab(page);
  for (let i = 1; i <= 3; i++) {
    await train(page, 20);
    await expect.poll(async () => (await state(page)).metrics_step).toBe(20 * i);
  }
  expect(await page.locator('.chart ~ details td').count()).toBe(0);
  const first = await table(page, 'Sliced W1');
  const measured = await csv(page, 'Quality (CSV)');
  expect(first.rows).toEqual(measured.map(({ step, sliced_w1 }) => [step, Number(sliced_w1.toPrecision(3))]));
  expect(first.rows.length).toBeGreaterThanOrEqual(4);
  await page.getByLabel('Which quality').selectOption('modes');
  expect((await table(page, 'Modes covered')).rows).toEqual(measured.map(({ step, modes }) => [step, modes]));
  await train(page, 20);
  await expect.poll(async () => (await table(page, 'Modes covered')).rows.at(-1)?.[0]).toBe(80);
  await page.getByRole('table', { name: 'Modes covered' }).locator('xpath=..').getByText('As a table').click();
  await expect(page.getByRole('table', { name: 'Modes covered' })).toHaveCount(0);
});

test('beside B the table has a column of it', async ({ page }) => {
  await openLab(page);
  await train(page, 10);
  await button(page, 'A/B from here').click();
  await expect(page.getByTestId('stage-B')).toBeVisible();
  await page.getByLabel('Learning rate start').fill('0.02');
  await page.getByLabel('Learning rate start').press('Enter');
  await button(page, 'One step').click();
  await expect.poll(async () => (await state(page)).step).toBe(11);
  const { head, rows } = await table(page, 'Losses');
  expect(head).toEqual(['Step', 'D', 'G', 'D of B', 'G of B']);
  expect(rows).toHaveLength(11);
  for (const row of rows.slice(0, 10)) expect(row.slice(3)).toEqual(row.slice(1, 3));
  expect(rows.flat().every(Number.isFinite)).toBe(true);
});
