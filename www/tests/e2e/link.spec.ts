import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { button, expect, openLab, state, test, train } from './page';

const address = (page: Page) => page.evaluate(() => location.hash);

/** Opens an address in a page that has not been loaded before. */
async function visit(page: Page, hash: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`./${hash}`);
  await expect.poll(() => page.evaluate(() => window.sparring?.stage()?.step), { timeout: 60_000 }).toBe(0);
}

test('the page as it opens has no address but its own', async ({ page }) => {
  await openLab(page);
  expect(await address(page)).toBe('');
});

test('a link trains the same run at every visit', async ({ page }) => {
  await visit(page, '#lab?method=lsgan&data=moons&seed=5&batch=64&lr.start=0.002&generator.width=16');
  const { settings } = await state(page);
  expect(settings).toMatchObject({ objective: 'lsgan', data: 'moons', seed: 5, batch: 64, lr: { start: 0.002 }, generator: { width: 16, depth: 4 } });
  const first = await train(page, 40);
  const link = await address(page);
  await visit(page, link);
  expect((await state(page)).settings).toEqual(settings);
  expect(await train(page, 40)).toEqual(first);
  expect(await address(page)).toBe(link);
});

test('the address follows what is chosen, and going to another one changes the run', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Method').selectOption('wgan-gp');
  await expect.poll(() => address(page)).toContain('method=wgan-gp');
  await page.getByRole('spinbutton', { name: 'Batch' }).fill('32');
  await button(page, 'Start anew').click();
  await expect.poll(() => address(page)).toContain('batch=32');
  expect(new URLSearchParams((await address(page)).split('?')[1]).get('data')).toBeNull();
  await page.evaluate(() => (location.hash = '#lab?data=spiral&seed=9'));
  await expect.poll(async () => (await state(page)).settings).toMatchObject({ data: 'spiral', seed: 9, objective: 'rpgan' });
  await page.getByRole('link', { name: 'Latent' }).click();
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await expect.poll(() => address(page)).toContain('data=spiral');
  expect((await state(page)).settings).toMatchObject({ data: 'spiral', seed: 9 });
});

test('a link that cannot be says what is wrong and leaves the default run', async ({ page }) => {
  for (const [link, named] of [['method=nonsense', 'nonsense'], ['data=nowhere', 'nowhere'], ['batch=-3', 'batch'], ['colour=red', 'colour'], ['lr.start=quick', 'lr.start']]) {
    await visit(page, `#lab?${link}`);
    await expect(page.getByRole('alert'), link).toContainText(named);
    expect((await state(page)).settings, link).toMatchObject({ data: 'ring8', objective: 'rpgan', batch: 256 });
    await train(page, 1);
  }
});

test('a link that is opened while the page still opens is not lost', async ({ page }) => {
  for (let visits = 0; visits < 4; visits++) {
    await page.goto('about:blank');
    await page.goto('./#lab?data=moons&moved=0:1:1');
    await expect(page.getByRole('alert')).toContainText('`moved`');
    await page.evaluate(() => (location.hash = '#lab?data=moons'));
    await expect.poll(async () => (await state(page)).settings?.data).toBe('moons');
    await expect.poll(() => address(page)).toContain('data=moons');
  }
});

test('a link of another version says so, and one for lessons hides what it names', async ({ page }) => {
  await visit(page, '#lab?seed=3&hide=settings,data,files&v=0.0.1');
  await expect(page.getByRole('status').filter({ hasText: 'version 0.0.1' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Settings' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Settings' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Evidence' })).toBeVisible();
  await expect.poll(() => address(page)).toContain('hide=settings');
  await visit(page, '#lab?hide=walls');
  await expect(page.getByRole('status').filter({ hasText: 'walls' })).toBeVisible();
});

test('the command beside the link makes the same settings natively', async ({ page, context }) => {
  const program = process.env.SPARRING_BIN;
  test.skip(!program, 'SPARRING_BIN names no program');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await visit(page, '#lab?method=sngan&data=pinwheel&seed=7&critic.width=24&r1=0.1:0.01:50');
  await button(page, 'Copy command').click();
  await expect(page.getByRole('region', { name: 'Settings' }).getByText('Command copied.')).toBeVisible();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  const folder = mkdtempSync(join(tmpdir(), 'sparring-link-'));
  try {
    const args = line.split(' ').slice(1);
    execFileSync(program as string, [...args, '--device', 'cpu', '--kimg', '0.5', '--out', 'run'], { cwd: folder, stdio: 'ignore' });
    const config = JSON.parse(readFileSync(join(folder, 'run/config.json'), 'utf8'));
    expect({ ...config, kimg: 0 }).toEqual({ ...(await state(page)).settings, kimg: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a key that is pressed as one goes to the lab is heard there', async ({ page }) => {
  await openLab(page);
  await page.getByRole('link', { name: 'Latent' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Latent');
  // In one task, so before the event of the changed address.
  await page.getByRole('link', { name: 'Lab', exact: true }).evaluate((link: HTMLElement) => {
    link.click();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '.', bubbles: true }));
  });
  await expect.poll(async () => (await state(page)).step).toBe(1);
});
