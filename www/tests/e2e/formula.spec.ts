// Formulas: MathML by KaTeX, fetched when the first is shown.
import type { Page } from '@playwright/test';
import { expect, openLab, reveal, test } from './page';

const telling = (page: Page) => page.getByRole('region', { name: 'Slow motion' });
const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function tell(page: Page, phase: string): Promise<void> {
  await page.keyboard.press('m');
  await expect.poll(() => page.evaluate(() => window.sparring.narration()?.phase)).toBe('sample');
  await telling(page).getByRole('button', { name: phase }).click();
}

test('KaTeX comes with the first formula, and formulas are mathematics for whoever reads or hears them', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await openLab(page);
  await page.waitForLoadState('networkidle');
  expect(fetched.filter((path) => path.includes('katex'))).toEqual([]);
  await tell(page, "D's gradient");
  const loss = telling(page).locator('[data-line=loss_d] dt');
  await expect(loss.locator('math')).toHaveCount(2);
  expect(fetched.filter((path) => path.includes('katex'))).toHaveLength(1);
  // Chromium draws it: an index is smaller than its letter, and lower.
  const [letter, index] = await loss.locator('msub').first().locator('mi').evaluateAll((each) => each.map((mi) => mi.getBoundingClientRect()).map(({ height, bottom }) => ({ height, bottom })));
  expect(index.height).toBeLessThan(0.9 * letter.height);
  expect(index.bottom).toBeGreaterThan(letter.bottom);
  // Nothing of its source is read out, and no style is in the way of the policy.
  expect(await telling(page).locator('annotation, [style*="color"]').count()).toBe(0);
  expect(await telling(page).locator('math').first().evaluate((math) => getComputedStyle(math).display)).toContain('math');
});

test('without KaTeX the formula is told as text', async ({ page }) => {
  await page.route(/katex-[^/]*\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("lost on the way")' }));
  await openLab(page);
  await tell(page, "D's gradient");
  await expect(telling(page).locator('[data-line=loss_d] dt')).toHaveText('LD = E sp(−(D(x) − D(g)))');
  await expect(telling(page).locator('math')).toHaveCount(0);
});

test('the model says what the run plays for, as it is set', async ({ page }) => {
  await openLab(page);
  await page.locator('details.model > summary').click();
  const objective = page.locator('.objective');
  const said = () => objective.locator('p.formula').evaluateAll((lines) => lines.map((line) => (line.textContent ?? '').replace(/[\s\u2061]/g, '')).slice(0, 2));
  await expect(objective.locator('math').first()).toBeVisible();
  await expect.poll(said).toEqual(['LD=Esp(−(D(x)−D(g)))', 'LG=Esp(−(D(g)−D(x)))']);
  await page.getByLabel('Objective', { exact: true }).selectOption('lsgan');
  await expect.poll(said).toEqual(['LD=12E(D(x)−1)2+12ED(g)2', 'LG=12E(D(g)−1)2']);
  await expect(objective).toContainText('Least squares (Mao 2017)');
  await expect(objective).not.toContainText('D: ');
});

for (const [width, scheme] of [[320, 'dark'], [360, 'light']] as const) {
  test(`the longest formulas fit a page of ${width} px`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 740 });
    await openLab(page);
    await reveal(page, 'settings');
    await page.getByLabel('Objective', { exact: true }).selectOption('ragan');
    await reveal(page, 'model');
    await expect(page.locator('.objective math').first()).toBeVisible();
    const edge = () => page.locator('math').evaluateAll((all) => Math.max(...all.map((math) => math.getBoundingClientRect().right)));
    expect(await overflow(page)).toBe(0);
    expect(await edge()).toBeLessThanOrEqual(width - 8);
    await page.keyboard.press('Escape');
    await page.locator('body').click({ position: { x: 3, y: 3 } });
    await reveal(page, 'run');
    await tell(page, "D's gradient");
    await expect(telling(page).locator('math').first()).toBeVisible();
    expect(await overflow(page)).toBe(0);
    expect(await edge()).toBeLessThanOrEqual(width - 8);
  });
}
