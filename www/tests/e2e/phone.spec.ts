// The lab on a phone.
import { button, expect, openLab, reveal, stage, test, train } from './page';

const overflow = (page: import('@playwright/test').Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test.use({ viewport: { width: 360, height: 740 } });

test('the stage stays at the top while one scrolls to the settings', async ({ page }) => {
  await openLab(page);
  await reveal(page, 'settings');
  await page.getByLabel('Learning rate start').scrollIntoViewIfNeeded();
  const canvas = await page.getByTestId('stage').locator('canvas').boundingBox();
  expect(canvas?.y).toBeGreaterThanOrEqual(0);
  expect(canvas?.y).toBeLessThan(20);
  expect(canvas?.height).toBeLessThan(0.45 * 740);
  // The field is between the stage and the play bar, and can be pressed.
  await page.getByLabel('Learning rate start').click();
  await page.getByLabel('Learning rate start').fill('0.002');
  await page.getByLabel('Learning rate start').press('Enter');
  await expect.poll(() => page.evaluate(() => window.sparring.state().settings.lr.start)).toBe(0.002);
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
  await reveal(page, 'looks');
  await expect(page.getByRole('group', { name: 'Layers' })).toBeVisible();
});

test('a short screen, and two stages, scroll as they did', async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 360 });
  await openLab(page);
  await reveal(page, 'settings');
  await page.getByLabel('Learning rate start').scrollIntoViewIfNeeded();
  expect((await page.getByTestId('stage').boundingBox())?.y).toBeLessThan(-100);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.evaluate(() => scrollTo(0, 0));
  await reveal(page, 'looks');
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
      // The data's buttons scroll sideways in a row of their own.
      const edges = await page.locator('.room *').evaluateAll((all) => all.filter((each) => each.checkVisibility() && !each.closest('#part-run fieldset')).map((each) => ({ at: `${each.tagName} ${each.textContent?.slice(0, 20)}`, right: each.getBoundingClientRect().right })));
      expect(edges.filter(({ right }) => right > width + 1 && right < 5000)).toEqual([]);
    }
  });
}

const tabs = (page: import('@playwright/test').Page) => page.getByRole('tab').evaluateAll((all) => all.map((tab) => ({ name: tab.textContent, shown: tab.ariaSelected, focus: tab === document.activeElement, tabbed: (tab as HTMLElement).tabIndex })));

test('tabs show one part of the lab at a time, by finger and by arrow keys', async ({ page }) => {
  await openLab(page);
  await expect(page.getByRole('tablist', { name: 'Parts of the lab' })).toBeVisible();
  expect((await tabs(page)).map(({ name }) => name)).toEqual(['Run', 'Stage', 'Evidence', 'Model', 'Settings', 'Files']);
  // What stands in each of them, and in no other.
  const holds: [string, import('@playwright/test').Locator][] = [
    ['Run', page.getByLabel('Speed')],
    ['Stage', page.getByRole('slider', { name: 'Time machine' })],
    ['Evidence', page.getByLabel('Which quality')],
    ['Model', page.getByTestId('units-critic')],
    ['Settings', page.getByLabel('Learning rate start')],
    ['Files', button(page, 'Save checkpoint')],
  ];
  for (const [tab] of holds) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tabpanel')).toHaveCount(1);
    await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible();
    for (const [other, what] of holds) await expect(what, `${other} at ${tab}`).toBeVisible({ visible: other === tab });
    // The part begins on the screen, and nothing is wider than it.
    const { y = 740 } = (await page.getByRole('tabpanel').boundingBox()) ?? {};
    expect(y, tab).toBeLessThan(600);
    expect(await overflow(page)).toBe(0);
    await expect(page.getByRole('tab', { name: tab })).toBeInViewport({ ratio: 1 });
  }
  for (const [key, tab] of [['ArrowRight', 'Run'], ['ArrowLeft', 'Files'], ['Home', 'Run'], ['ArrowRight', 'Stage'], ['End', 'Files']]) {
    await page.keyboard.press(key);
    const now = await tabs(page);
    expect(now.filter(({ shown }) => shown === 'true')).toEqual([{ name: tab, shown: 'true', focus: true, tabbed: 0 }]);
    expect(now.filter(({ tabbed }) => tabbed === 0)).toHaveLength(1);
  }
  await page.getByRole('tab', { name: 'Evidence' }).click();
  await page.getByRole('link', { name: 'Latent' }).click();
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Evidence' })).toHaveAttribute('aria-selected', 'true');
  expect(new URL(page.url()).hash).toBe('#lab');
});

test('what is set in one tab stays while another is shown, and a curve goes on', async ({ page }) => {
  await openLab(page);
  await reveal(page, 'settings');
  await page.getByLabel('Explain').check();
  await reveal(page, 'evidence');
  await train(page, 30);
  await reveal(page, 'settings');
  await expect(page.getByLabel('Explain')).toBeChecked();
  await train(page, 30);
  await reveal(page, 'evidence');
  const losses = page.getByRole('img', { name: /^Losses over 60 steps/ });
  await losses.scrollIntoViewIfNeeded();
  const drawn = () => losses.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.filter((_, i) => i % 4 === 3).some((alpha) => alpha > 0));
  await expect.poll(drawn).toBe(true);
  // The units are looked at while they are shown.
  expect(await page.evaluate(() => window.sparring.units())).toBeNull();
  await reveal(page, 'model');
  await expect.poll(() => page.evaluate(() => window.sparring.units()?.step)).toBe(60);
});

test('a page that is wider has no tabs, and all parts at once; the key of the files shows theirs', async ({ page }) => {
  await page.setViewportSize({ width: 641, height: 740 });
  await openLab(page);
  await expect(page.getByRole('tablist')).toHaveCount(0);
  await expect(page.getByRole('tabpanel')).toHaveCount(0);
  for (const name of ['Stage', 'Evidence', 'Model', 'Settings']) await expect(page.getByRole('region', { name, exact: true })).toBeVisible();
  await page.setViewportSize({ width: 640, height: 740 });
  await expect(page.getByRole('tab')).toHaveCount(6);
  await page.keyboard.press('e');
  await expect(button(page, 'Save checkpoint')).toBeFocused();
  expect(await stage(page)).toMatchObject({ step: 0 });
});

test('parts that a link takes away have no tab, and a refused setting of a link is told', async ({ page }) => {
  await page.goto('#lab?hide=evidence,files&batch=0');
  await expect(page.getByRole('alert')).toContainText('batch');
  await page.goto('about:blank');
  await page.goto('#lab?hide=evidence,files&batch=64');
  await expect.poll(() => page.evaluate(() => window.sparring?.stage()?.step), { timeout: 60_000 }).toBe(0);
  await expect.poll(async () => (await tabs(page)).map(({ name }) => name)).toEqual(['Run', 'Stage', 'Model', 'Settings']);
});
