import type { Page } from '@playwright/test';
import { button, expect, openLab, stage, state, test, train } from './page';

type Share = [number, number];
type Point = [number, number];

const board = (page: Page) => page.getByRole('application', { name: /^Drawing board/ });
const drawn = async (page: Page) => Number((await page.getByTestId('drawn').innerText()).split(' ')[0].replace(',', ''));
const points = async (page: Page): Promise<Point[]> => (await state(page)).settings.points;

async function openBoard(page: Page): Promise<void> {
  await openLab(page);
  await button(page, 'Draw …').click();
  await expect(board(page)).toBeFocused();
}

/** Shares of the board's sides, from the left and from the top, as places on the screen. */
async function places(page: Page, shares: Share[]): Promise<Share[]> {
  const box = await board(page).locator('canvas').boundingBox();
  if (!box) throw new Error('no board');
  return shares.map(([across, down]) => [box.x + across * box.width, box.y + down * box.height]);
}

async function drag(page: Page, shares: Share[], steps = 8): Promise<void> {
  const [first, ...rest] = await places(page, shares);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...place, { steps });
  await page.mouse.up();
}

/** The run's points are on the stage: each of its reals lies at one of them, .03 of their spread wide. */
async function expectOnStage(page: Page, own: Point[]): Promise<void> {
  const mean = [0, 1].map((i) => own.reduce((sum, point) => sum + point[i], 0) / own.length);
  const spread = Math.sqrt(own.reduce((sum, [x, y]) => sum + (x - mean[0]) ** 2 + (y - mean[1]) ** 2, 0) / own.length / 2);
  const farthest = (reals: number[]) =>
    Math.max(...Array.from({ length: reals.length / 2 }, (_, i) => Math.min(...own.map(([x, y]) => Math.hypot(x - reals[2 * i], y - reals[2 * i + 1])))));
  await expect.poll(async () => farthest((await stage(page))?.reals ?? [Infinity, 0])).toBeLessThan(0.03 * spread * 5);
}

test('strokes of the mouse become the data of a run, all but the one that was undone', async ({ page }) => {
  await openBoard(page);
  await drag(page, [[0.25, 0.25], [0.75, 0.25]]);
  const one = await drawn(page);
  // 250 points from edge to edge.
  expect(Math.abs(one - 125)).toBeLessThanOrEqual(2);
  await drag(page, [[0.25, 0.75], [0.75, 0.75]], 3);
  // As many, though the pointer reported less.
  expect(Math.abs((await drawn(page)) - 2 * one)).toBeLessThanOrEqual(2);
  await drag(page, [[0.5, 0.1], [0.5, 0.9]]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  expect(await drawn(page)).toBe(one);
  await page.keyboard.press('Control+Shift+z');
  const two = await drawn(page);
  await expect(button(page, 'Redo')).toBeEnabled();
  await button(page, 'Train on these').click();
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(2);
  expect((await state(page)).settings.data).toBe('points');
  const own = await points(page);
  expect(own.length).toBe(two);
  // The board is [−2, 2]² and the brush .16 wide: the first stroke above the middle, the second below.
  expect(own.slice(0, one).every(([x, y]) => Math.abs(y - 1) <= 0.17 && Math.abs(x) <= 1.17)).toBe(true);
  expect(own.slice(one).every(([x, y]) => Math.abs(y + 1) <= 0.17 && Math.abs(x) <= 1.17)).toBe(true);
  await expectOnStage(page, own);
  // The board is as it was left, with its way back and forth.
  await button(page, 'Draw …').click();
  expect(await drawn(page)).toBe(two);
  await button(page, 'Undo').click();
  expect(await drawn(page)).toBe(one);
});

test('a stroke follows all that the pointer passed, though a frame reports it once', async ({ page }) => {
  await openBoard(page);
  const way = await places(page, [[0.2, 0.8], [0.2, 0.2], [0.8, 0.2], [0.8, 0.8]]);
  await page.mouse.move(...way[0]);
  await page.mouse.down();
  await board(page).evaluate((element, way) => {
    const at = ([clientX, clientY]: number[]) => ({ pointerId: 1, isPrimary: true, bubbles: true, clientX, clientY });
    const coalescedEvents = way.slice(1).map((place) => new PointerEvent('pointermove', at(place)));
    element.dispatchEvent(new PointerEvent('pointermove', { ...at(way[3]), coalescedEvents }));
  }, way);
  await page.mouse.up();
  // Three sides of a square, not the fourth.
  expect(Math.abs((await drawn(page)) - 1.8 * 250)).toBeLessThanOrEqual(3);
  await button(page, 'Train on these').click();
  await expect.poll(async () => (await state(page)).settings.data).toBe('points');
  expect((await points(page)).every(([x, y]) => Math.abs(y - 1.2) <= 0.17 || Math.abs(Math.abs(x) - 1.2) <= 0.17)).toBe(true);
});

test('the eraser takes points away, and closing keeps the drawing and the run', async ({ page }) => {
  await openBoard(page);
  await drag(page, [[0.2, 0.3], [0.8, 0.3]]);
  const one = await drawn(page);
  await drag(page, [[0.2, 0.7], [0.8, 0.7]]);
  await page.getByLabel('Eraser').check();
  await page.getByLabel('Size').fill('6');
  await drag(page, [[0.1, 0.7], [0.9, 0.7]], 1);
  expect(await drawn(page)).toBe(one);
  await page.keyboard.press('Escape');
  await expect(board(page)).toBeHidden();
  expect((await state(page)).settings.data).toBe('ring8');
  await page.getByRole('link', { name: 'Latent' }).click();
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await button(page, 'Draw …').click();
  expect(await drawn(page)).toBe(one);
  await button(page, 'Clear').click();
  expect(await drawn(page)).toBe(0);
  await expect(button(page, 'Train on these')).toBeDisabled();
});

test('at the most points that the engine takes the brush says that it adds none', async ({ page }) => {
  await openBoard(page);
  const rows = Array.from({ length: 18 }, (_, i) => 0.05 + 0.05 * i);
  await drag(page, rows.flatMap((down, i): Share[] => (i % 2 ? [[0.95, down], [0.05, down]] : [[0.05, down], [0.95, down]])), 4);
  await expect(page.getByText('The engine takes no more')).toBeVisible();
  expect(await drawn(page)).toBe(4096);
  await drag(page, [[0.5, 0.97], [0.6, 0.97]]);
  expect(await drawn(page)).toBe(4096);
  await button(page, 'Train on these').click();
  await expect.poll(async () => (await points(page)).length).toBe(4096);
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(0);
});

test('the keyboard alone draws a line, erases, undoes and trains', async ({ page }) => {
  await openBoard(page);
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  await expect(board(page)).toContainText('x -0.80, y 0.00');
  await page.keyboard.down('Space');
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.up('Space');
  // Across two fifths of the board, 250 points from edge to edge.
  const line = await drawn(page);
  expect(Math.abs(line - 101)).toBeLessThanOrEqual(1);
  await page.keyboard.press('Shift+ArrowRight');
  await expect(board(page)).toContainText('x 0.82, y 0.00');
  for (let i = 0; i < 15; i++) await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(await drawn(page)).toBe(line + 12);
  // Tab leaves the board; the tools are radio buttons.
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Brush')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Space');
  expect(await drawn(page)).toBe(line);
  await page.keyboard.press('Control+z');
  expect(await drawn(page)).toBe(line + 12);
  // None of these keys was the page's.
  expect(await state(page)).toMatchObject({ step: 0, playing: false });
  for (let i = 0; i < 8 && !(await button(page, 'Train on these').evaluate((each) => each === document.activeElement)); i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await state(page)).settings.data).toBe('points');
  const own = await points(page);
  expect(own.length).toBe(line + 12);
  expect(own.slice(0, line).every(([x, y]) => Math.abs(y) <= 0.17 && Math.abs(x) <= 0.97)).toBe(true);
  expect(own.slice(line).every(([x, y]) => Math.hypot(x - 0.82, y - 1.2) <= 0.17)).toBe(true);
  await expectOnStage(page, own);
});

test.describe('a finger', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });

  test('draws without scrolling, and a second one disturbs nothing', async ({ page }) => {
    await openBoard(page);
    const overflow = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.querySelector('dialog[open]') ?? document.body;
      return scrollWidth - clientWidth;
    });
    expect(overflow).toBe(0);
    const touch = await page.context().newCDPSession(page);
    const along = await places(page, Array.from({ length: 21 }, (_, i) => [0.5, 0.2 + 0.03 * i]));
    const [other] = await places(page, [[0.1, 0.1]]);
    const at = ([x, y]: Share, id: number) => ({ x, y, id });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(along[0], 1)] });
    for (const [i, place] of along.slice(1).entries()) {
      if (i === 10) await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(place, 1), at(other, 2)] });
      const second = i >= 10 && i < 15 ? [at([other[0] + i, other[1]], 2)] : [];
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(place, 1), ...second] });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect.poll(() => drawn(page)).toBeGreaterThan(140);
    const count = await drawn(page);
    expect(count).toBeLessThan(156);
    await page.getByRole('button', { name: 'Train on these' }).tap();
    await expect.poll(async () => (await state(page)).settings.data).toBe('points');
    const own = await points(page);
    expect(own.length).toBe(count);
    // From y 1.2 down to y −1.2 at x 0, in one stroke.
    expect(own.every(([x, y]) => Math.abs(x) <= 0.18 && Math.abs(y) <= 1.38)).toBe(true);
    expect(own[0][1]).toBeGreaterThan(1);
    expect(own[own.length - 1][1]).toBeLessThan(-1);
    await expectOnStage(page, own);
    await page.getByRole('button', { name: 'Draw …' }).tap();
    await page.getByRole('button', { name: 'Undo' }).tap();
    expect(await drawn(page)).toBe(0);
  });
});

test('pasted rows are read like a file, prose and what goes into a field are let alone', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openLab(page);
  const paste = async (text: string) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await page.keyboard.press('Control+v');
  };
  const rows = Array.from({ length: 40 }, (_, i) => `${100 + (i % 4)}\t${i % 5}`);
  await page.getByLabel('Seed').focus();
  await paste(rows.join('\n'));
  await page.getByLabel('Seed').fill('1');
  await page.getByRole('link', { name: 'Lab', exact: true }).focus();
  await paste('Two numbers: 1, 2.\nAnd no more.');
  await train(page, 1);
  expect(await state(page)).toMatchObject({ step: 1, error: null, note: '', settings: { data: 'ring8' } });
  await paste(`x\ty\n${rows.join('\n')}\nno point\n`);
  await expect(page.getByText('pasted points: 40 points; 1 row was no points and dropped.')).toBeVisible();
  expect((await points(page)).slice(0, 2)).toEqual([[100, 0], [101, 1]]);
  await expectOnStage(page, await points(page));
  // The board begins with them, on a view of their own, and draws more.
  await button(page, 'Draw …').click();
  expect(await drawn(page)).toBe(40);
  await drag(page, [[0.5, 0.5]]);
  expect(await drawn(page)).toBe(52);
  await button(page, 'Train on these').click();
  await expect.poll(async () => (await points(page)).length).toBe(52);
  const own = await points(page);
  expect(own.slice(0, 2)).toEqual([[100, 0], [101, 1]]);
  expect(own.slice(40).every(([x, y]) => Math.abs(x - 101.5) < 0.3 && Math.abs(y - 2) < 0.3)).toBe(true);
});
