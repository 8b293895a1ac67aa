// The lab on a phone.
import { button, expect, openLab, test, train } from './page';

const overflow = (page: import('@playwright/test').Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test.use({ viewport: { width: 360, height: 740 } });

test('the stage stays at the top while one scrolls to the settings', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Learning rate start').scrollIntoViewIfNeeded();
  const canvas = await page.getByTestId('stage').locator('canvas').boundingBox();
  expect(canvas?.y).toBeGreaterThanOrEqual(0);
  expect(canvas?.y).toBeLessThan(20);
  expect(canvas?.height).toBeLessThan(0.45 * 740);
  // The field is between the stage and the play bar, and can be pressed.
  await page.getByLabel('Learning rate start').click();
  await page.getByLabel('Learning rate start').fill('0.002');
  await page.getByLabel('Learning rate start').press('Enter');
  expect(await page.evaluate(() => window.sparring.state().settings.lr.start)).toBe(0.002);
  expect(await overflow(page)).toBe(0);
});

test('slow motion stands below the stage, which stays in sight', async ({ page }) => {
  await openLab(page);
  await train(page, 5);
  await button(page, 'Slow motion').click();
  await expect.poll(() => page.evaluate(() => window.sparring.narration()?.phase)).toBe('sample');
  const telling = page.getByRole('region', { name: 'Slow motion' });
  for (const phase of ["D's answer", "D's gradient", "G's gradient"]) {
    await telling.getByRole('button', { name: phase }).click();
    await telling.getByRole('heading', { level: 3 }).scrollIntoViewIfNeeded();
    const [stage, text] = await Promise.all([page.getByTestId('stage').boundingBox(), telling.boundingBox()]);
    expect(stage?.y, phase).toBeGreaterThanOrEqual(-1);
    expect((stage?.y ?? 0) + (stage?.height ?? 0), phase).toBeLessThan(740 / 2);
    // It follows at once: nothing else stands between the two.
    expect(text?.y, phase).toBeLessThanOrEqual((stage?.y ?? 0) + (stage?.height ?? 0) + 30);
    await expect(telling.getByRole('heading', { level: 3 })).toBeInViewport();
  }
  expect(await overflow(page)).toBe(0);
  await button(page, 'Close slow motion').click();
  await expect(page.getByRole('group', { name: 'Layers' })).toBeVisible();
});

test('a short screen, and two stages, scroll as they did', async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 360 });
  await openLab(page);
  await page.getByLabel('Learning rate start').scrollIntoViewIfNeeded();
  expect((await page.getByTestId('stage').boundingBox())?.y).toBeLessThan(-100);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.evaluate(() => scrollTo(0, 0));
  await button(page, 'A/B from here').click();
  await expect(page.getByTestId('stage-B')).toBeVisible();
  const [a, b] = await Promise.all(['stage', 'stage-B'].map((id) => page.getByTestId(id).boundingBox()));
  expect(b?.y).toBe(a?.y);
  expect(b?.x).toBeGreaterThan((a?.x ?? 0) + (a?.width ?? 0) - 1);
  expect(await overflow(page)).toBe(0);
});

for (const width of [320, 360]) {
  test(`nothing is wider than ${width} px while a step is told in Chinese`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    await page.goto('#lab?lang=zh');
    await expect.poll(() => page.evaluate(() => window.sparring.stage()?.step), { timeout: 60_000 }).toBe(0);
    await page.getByRole('button', { name: '慢动作', exact: true }).click();
    await expect.poll(() => page.evaluate(() => window.sparring.narration()?.phases.length)).toBe(6);
    for (const phase of await page.getByRole('region', { name: '慢动作' }).getByRole('listitem').getByRole('button').all()) {
      await phase.click();
      await expect(page.locator('.telling')).toBeVisible();
      expect(await overflow(page)).toBe(0);
      const edges = await page.locator('.room *').evaluateAll((all) => all.filter((each) => each.checkVisibility()).map((each) => ({ at: `${each.tagName} ${each.textContent?.slice(0, 20)}`, right: each.getBoundingClientRect().right })));
      expect(edges.filter(({ right }) => right > width + 1 && right < 5000)).toEqual([]);
    }
  });
}
