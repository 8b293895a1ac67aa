import { type Page, expect, test } from '@playwright/test';
import { button, openLab, stage, state, train } from './page';

/** Where a point of the data lies on the screen. */
async function onScreen(page: Page, x: number, y: number): Promise<[number, number]> {
  const [box, seen] = [await page.locator('[data-testid=stage] canvas').boundingBox(), await stage(page)];
  if (!box || !seen) throw new Error('no stage');
  const { x_min, x_max, y_max } = seen.view;
  return [box.x + ((x - x_min) / (x_max - x_min)) * box.width, box.y + ((y_max - y) / (x_max - x_min)) * box.height];
}

/** How many of the reals on the stage lie near a point. */
async function near(page: Page, x: number, y: number): Promise<number> {
  const reals = (await stage(page))?.reals ?? [];
  return reals.filter((_, i) => i % 2 === 0 && Math.hypot(reals[i] - x, reals[i + 1] - y) < 0.1).length;
}

const moved = async (page: Page) => (await state(page)).settings.moved;

test('a mode is dragged while the run goes on, the data go along and the fakes follow', async ({ page }) => {
  await openLab(page);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await state(page)).report.modes, { timeout: 30_000 }).toBe(8);
  await button(page, 'Move modes').click();
  const before = (await state(page)).step;
  await page.mouse.move(...(await onScreen(page, 1, 0)));
  await page.mouse.down();
  await page.mouse.move(...(await onScreen(page, 0.7, 0.1)), { steps: 4 });
  await page.mouse.move(...(await onScreen(page, 0.4, 0.2)), { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => moved(page)).toEqual([[0, expect.closeTo(0.4, 1), expect.closeTo(0.2, 1)]]);
  const [[, x, y]] = await moved(page);
  expect((await state(page)).playing).toBe(true);
  expect((await state(page)).step).toBeGreaterThanOrEqual(before);
  await expect.poll(async () => [(await near(page, x, y)) > 60, await near(page, 1, 0)]).toEqual([true, 0]);
  const fakesNear = async () => {
    const fakes = (await stage(page))?.fakes ?? [];
    return fakes.filter((_, i) => i % 2 === 0 && Math.hypot(fakes[i] - x, fakes[i + 1] - y) < 0.15).length;
  };
  await expect.poll(fakesNear, { timeout: 30_000 }).toBeGreaterThan(50);
  await page.keyboard.press('Space');
  // The picture stands where it stood, the address tells of it, and a page that opens it has the same data.
  await expect.poll(async () => (await stage(page))?.view.x_max).toBeLessThan(1.5);
  expect(decodeURIComponent(page.url())).toContain(`moved=0:${x}:${y}`);
  await button(page, 'Put modes back').click();
  await expect.poll(async () => near(page, 1, 0)).toBeGreaterThan(60);
  await expect.poll(() => page.url()).not.toContain('moved');
});

test('a mode is moved by keys, step by step, and a new run keeps it where it is', async ({ page }) => {
  await openLab(page);
  const first = await train(page, 5);
  await button(page, 'Move modes').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Mode 3 at/ }).focus();
  for (const key of ['ArrowUp', 'ArrowUp', 'Shift+ArrowRight']) await page.keyboard.press(key);
  await expect.poll(async () => (await moved(page))[0]).toEqual([2, expect.closeTo(0.014, 2), expect.closeTo(1.14, 1)]);
  await expect(page.getByRole('button', { name: /^Mode 3 at/ })).toBeFocused();
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await state(page)).step).toBe(0);
  expect((await moved(page)).length).toBe(1);
  expect(await train(page, 5)).not.toEqual(first);
  // The same random numbers, from other data.
  await page.goto('#lab?moved=2:0:1');
  await page.reload();
  await expect.poll(async () => (await state(page)).settings?.moved).toEqual([[2, 0, 1]]);
  expect(await train(page, 5)).toEqual(first);
});

test('data that are not made of modes have none to move, and a link that moves them is refused in words', async ({ page }) => {
  await page.goto('#lab?data=moons&moved=0:1:1');
  await expect(page.getByRole('alert')).toContainText('`moved`');
  // The run that is there instead has its link in the address bar before the next is asked for.
  await expect.poll(async () => (await stage(page))?.step).toBe(0);
  await page.goto('#lab?data=moons');
  await expect.poll(async () => (await state(page)).settings?.data).toBe('moons');
  await page.reload();
  await expect.poll(async () => (await stage(page))?.step).toBe(0);
  await expect(button(page, 'Move modes')).toHaveCount(0);
});

test("D's accuracy and the gradients' norms are those of the steps' reports", async ({ page }) => {
  await openLab(page);
  const reports = await train(page, 12);
  const last = reports[reports.length - 1];
  expect(reports.every(({ accuracy, norm_d, norm_g }) => accuracy >= 0 && accuracy <= 1 && norm_d > 0 && norm_g > 0)).toBe(true);
  await expect(page.getByTestId('players')).toHaveText(`${(100 * last.accuracy).toFixed(1)} %`.replace(' ', '\u00a0'));
  await page.getByLabel('Which of their figures').selectOption('norms');
  await expect(page.getByTestId('players')).toHaveText(last.norm_d.toPrecision(2));
  await expect(page.getByTestId('players-G')).toHaveText(last.norm_g.toPrecision(2));
});
