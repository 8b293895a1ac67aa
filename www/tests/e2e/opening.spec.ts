import type { Page } from '@playwright/test';
import { expect, openLab, state, test, train } from './page';

declare global {
  interface Window {
    /** How many elements each piece of the page had when it was put in, and how far what was seen then moved (Chromium's layout shift: the share of the screen that moved, times how far). */
    opening: { pieces: number[]; moved: number };
  }
}

/** Watches a page from its first element on. What Svelte puts in at once, before anything else runs, is a piece. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = (window.opening = { pieces: [] as number[], moved: 0 });
    new MutationObserver((records) => {
      const added = new Set<Element>();
      for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (!(node instanceof Element) || !node.isConnected || !node.closest('#app')) continue;
        for (const each of [node, ...node.querySelectorAll('*')]) added.add(each);
      }
      if (added.size > 0) seen.pieces.push(added.size);
    }).observe(document, { childList: true, subtree: true });
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (seen.moved += (entry as PerformanceEntry & { value: number }).value))).observe({ type: 'layout-shift', buffered: true });
  });
}

/** How long a task is depends on what else the machine does; how much of the page is made in one does not. */
for (const { width, height, last } of [
  { width: 1440, height: 900, last: '#files' },
  { width: 360, height: 740, last: 'input[type=checkbox]' },
]) {
  test(`at ${width} px the page is made in small pieces from the top, and none pushes another away`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await watch(page);
    await openLab(page);
    await expect(page.locator(last).last()).toBeAttached();
    await page.waitForTimeout(500);
    const { pieces, moved } = await page.evaluate(() => window.opening);
    expect(Math.max(...pieces)).toBeLessThan(100);
    expect(moved).toBeLessThan(0.005);
  });
}

test('without uPlot the charts say so, and the page trains', async ({ page }) => {
  await page.route(/uPlot[^/]*\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("lost on the way")' }));
  await openLab(page);
  await expect(page.getByRole('alert').filter({ hasText: 'lost on the way' })).toHaveCount(3);
  await train(page, 3);
  await expect.poll(async () => (await state(page)).step).toBe(3);
});

/** The bytes that come over the wire until the page trains, with ▶ pressed as soon as it can be. */
test('what is loaded before the first step is at most a megabyte', async ({ page }) => {
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize)));
  await page.goto('/');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(0);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(500_000);
  expect(bytes).toBeLessThanOrEqual(1_000_000);
});
