// axe-core knows the rules of WCAG that a program can check.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Tab } from '../../src/lab/tabs.svelte';
import { button, expect, latent, openLab, reveal, stage, state, test } from './page';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Unfolds all there is to unfold, also what is only there once the model is. */
async function openAll(page: Page): Promise<void> {
  const unfold = () => page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
  for (const tab of await tabsOf(page)) await reveal(page, tab);
  await reveal(page, 'model');
  await unfold();
  await expect.poll(() => page.evaluate(() => window.sparring.units()?.critic.length)).toBeGreaterThan(0);
  await expect(page.getByTestId('units-critic')).toBeVisible();
  await unfold();
}

/** The tabs of a phone, or one name for all that is on a wide page. */
async function tabsOf(page: Page): Promise<Tab[]> {
  const ids = await page.getByRole('tab').evaluateAll((all) => all.map((tab) => tab.id.replace('tab-', '')));
  return (ids.length > 0 ? ids : ['run']) as Tab[];
}

/** The sights that go through all tabs of a phone; the others differ in one. */
const THROUGH = ['as it opens', 'everything on', 'A/B'];

/** What axe finds wrong, a line each. */
async function wrongs(page: Page, where: string): Promise<string[]> {
  if (!THROUGH.includes(where) || (await page.getByRole('tab').count()) === 0) return wrongsNow(page, where);
  const before = (await page.locator('[role=tab][aria-selected=true]').getAttribute('id'))?.replace('tab-', '') as Tab;
  const found: string[] = [];
  for (const tab of await tabsOf(page)) {
    await reveal(page, tab);
    found.push(...(await wrongsNow(page, `${where}, ${tab}`)));
  }
  await reveal(page, before);
  return found;
}

async function wrongsNow(page: Page, where: string): Promise<string[]> {
  // Its other mode opens a second page, and a page behind another is not drawn.
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${where}: ${id} at ${target.join(' ')}: ${failureSummary?.replace(/\s+/g, ' ')}`));
}

/** The ways the page can look, each reached from the one before. */
const SIGHTS: [string, (page: Page) => Promise<void>][] = [
  ['as it opens', async () => {}],
  [
    'training',
    async (page) => {
      await button(page, 'Train').click();
      await expect.poll(async () => (await state(page)).step).toBeGreaterThan(3);
    },
  ],
  [
    'everything on',
    async (page) => {
      await button(page, 'Pause').click();
      await reveal(page, 'looks');
      for (const box of await page.getByRole('group', { name: 'Layers' }).getByRole('checkbox').all()) await box.check();
      await expect.poll(async () => (await stage(page))?.mesh?.length).toBeGreaterThan(0);
      await openAll(page);
      await reveal(page, 'settings');
      await page.getByLabel('Explain').check();
      await reveal(page, 'evidence');
      await button(page, 'Measure all').click();
      await expect(page.getByRole('row', { name: /^JS/ })).toBeVisible({ timeout: 60_000 });
      await reveal(page, 'model');
      await page.getByTestId('units-critic').focus();
      await expect(page.getByTestId('lens')).toBeVisible();
    },
  ],
  [
    'an error',
    async (page) => {
      await reveal(page, 'files');
      await page.locator('input[type=file][accept=".sparring"]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
      await expect(page.getByRole('alert')).toContainText('notes.txt');
    },
  ],
  [
    'a refused setting',
    async (page) => {
      await reveal(page, 'settings');
      const batch = page.getByRole('spinbutton', { name: 'Batch', exact: true });
      await batch.fill('0');
      await batch.press('Enter');
      await expect(page.getByRole('alert')).toContainText('`batch`');
    },
  ],
  [
    'the drawing board',
    async (page) => {
      await reveal(page, 'run');
      await button(page, 'Draw …').click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  ],
  [
    'the help',
    async (page) => {
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
      await button(page, 'Help and keys').click();
      await expect(page.getByRole('dialog')).toContainText('What you see');
    },
  ],
  [
    'A/B',
    async (page) => {
      await page.keyboard.press('Escape');
      await reveal(page, 'looks');
      await button(page, 'A/B from here').click();
      await expect(page.getByTestId('stage-B')).toBeVisible();
      await reveal(page, 'settings');
      await page.getByLabel('Learning rate start').fill('0.02');
      await page.getByLabel('Learning rate start').press('Enter');
      await reveal(page, 'looks');
      await expect(page.getByTestId('chip')).toBeVisible();
    },
  ],
  [
    'the latent room',
    async (page) => {
      await page.getByRole('link', { name: 'Latent' }).click();
      await expect.poll(async () => (await latent(page))?.wall).toBeGreaterThan(0);
    },
  ],
];

/** What differs between the schemes and widths; the rest is looked at in two of the four. */
const FEW = ['as it opens', 'an error', 'a refused setting', 'the latent room'];

for (const [scheme, width, sights] of [
  ['light', 1440, null],
  ['dark', 360, null],
  ['dark', 1440, FEW],
  ['light', 360, FEW],
] as const) {
  test(`axe finds nothing wrong in the ${scheme} page of ${width} px`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await openLab(page);
    const found: string[] = [];
    for (const [where, reach] of SIGHTS) {
      if (sights && !sights.includes(where)) continue;
      await reach(page);
      found.push(...(await wrongs(page, where)));
    }
    expect(found).toEqual([]);
  });
}

/** The element that has the focus: what it is, and what is wrong with how that is seen. */
async function focused(): Promise<{ name: string; times: number; wrong: string } | null> {
  // What has the focus is scrolled to in the next frame.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  const element = document.activeElement as HTMLElement | null;
  if (!element || element === document.body) return null;
  const times = Number(element.dataset.met ?? 0) + 1;
  element.dataset.met = String(times);
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const [x, y] = [(left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
  const above = document.elementFromPoint(x, y);
  const wrongs = [
    (!element.matches(':focus-visible') || outlineStyle === 'none' || parseFloat(outlineWidth) < 2) && 'no outline',
    !(bottom > 0 && top < innerHeight) && 'out of sight',
    !(above && (element.contains(above) || above.contains(element) || above.closest('label')?.contains(element))) && `covered by ${above?.outerHTML.slice(0, 80)}`,
  ];
  return { times, name: `${element.tagName} ${element.ariaLabel ?? element.id ?? ''} ${element.textContent?.trim().slice(0, 20)}`, wrong: wrongs.filter(Boolean).join(', ') };
}

/** By Tab and back by Shift + Tab; how many were met. */
async function goThrough(page: Page, all: number): Promise<number> {
  for (const [way, key] of ['Tab', 'Shift+Tab'].entries()) {
    const met: string[] = [];
    const wrong: string[] = [];
    // After the last one it leads out of the page, or round to where it began.
    for (let i = 0; i <= all + 1; i++) {
      await page.keyboard.press(key);
      const at = await page.evaluate(focused);
      if (!at || at.times > way + 1) break;
      met.push(at.name);
      if (at.wrong) wrong.push(`${key} to ${at.name}: ${at.wrong}`);
    }
    expect(wrong).toEqual([]);
    expect(met.length, `elements met by ${key}`).toBe(all);
  }
  return all;
}

for (const width of [1440, 360]) {
  test(`Tab alone goes through the whole lab of ${width} px and back, always in sight`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openLab(page);
    await openAll(page);
    // Of a phone's tabs one is a stop, and the arrows go to the others.
    const reached = () =>
      page.evaluate(
        () => [...document.querySelectorAll<HTMLElement>('a[href], button:not([tabindex="-1"]), input, select, summary, [tabindex="0"]')].filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.matches(':disabled')).length,
      );
    // Parts of the page are made in turns: what is counted is what stays.
    const settled = async () => {
      let [before, now] = [-1, await reached()];
      while (now !== before) {
        await page.waitForTimeout(400);
        [before, now] = [now, await reached()];
      }
      return now;
    };
    let sum = 0;
    for (const tab of await tabsOf(page)) {
      await reveal(page, tab);
      await page.evaluate(() => {
        // Tab begins at the page's begin again, not at what was pressed last.
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute('tabindex');
        document.querySelectorAll<HTMLElement>('[data-met]').forEach((each) => delete each.dataset.met);
        scrollTo(0, 0);
      });
      sum += await goThrough(page, await settled());
    }
    expect(sum).toBeGreaterThan(80);
  });
}
