/** Slow motion: a step is told truly, and telling moves nothing. */
import type { Page } from '@playwright/test';
import type { Narration, Shown } from '../../src/embed';
import type { Command, StepReport, TrainConfig } from '../../src/generated/types';
import { RING8, button, command, expect, openLab, stage, state, test, train } from './page';

const narration = (page: Page): Promise<Narration | null> => page.evaluate(() => window.sparring.narration());
const panel = (page: Page) => page.getByRole('region', { name: 'Slow motion' });

/** Waits until a phase stands still on the stage. */
async function phase(page: Page, name: string, step?: number): Promise<{ told: Narration; shown: Shown }> {
  await expect.poll(async () => {
    const told = await narration(page);
    return told?.settled && (step === undefined || told.report.step === step) ? told.phase : null;
  }).toBe(name);
  const [told, shown] = [await narration(page), await stage(page)];
  if (!told || !shown) throw new Error('nothing is told');
  return { told, shown };
}

/** What stands on the panel at a line. */
const written = (page: Page, name: string) => panel(page).locator(`[data-line=${name}]`);
/** A line as it is drawn, without the spaces that no one reads: in MathML as elsewhere. */
const drawn = (page: Page, name: string) => written(page, name).evaluate((line) => (line.textContent ?? '').replace(/[\s\u2061]/g, '').normalize('NFD'));

/** The run's checkpoint as text, to be compared. */
async function saved(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const [bytes] = (await window.sparring.command({ type: 'save' })).buffers;
    return [...(bytes as Uint8Array)].map((byte) => byte.toString(16)).join(' ');
  });
}

/** A step tried from the run's checkpoint by hand: the report, and a look at what came of it. */
async function tried(page: Page, learn?: 'critic'): Promise<{ report: StepReport; fakes: number[]; heat: number[]; forces: number[] }> {
  return page.evaluate(async (learn) => {
    const { command, stage } = window.sparring;
    const now = stage();
    const [before] = (await command({ type: 'save' })).buffers;
    const tried = await command({ type: 'try', steps: 1, ...(learn ? { learn } : {}) }, before as Uint8Array);
    if (tried.event.type !== 'tried' || !now) throw new Error('it could not be tried');
    const ask: Command = { type: 'look', view: now.view, samples: now.fakes.length / 2, grid: now.grid, extras: ['forces'] };
    const { buffers } = await command(ask, tried.buffers[0] as Uint8Array);
    return { report: tried.event.history[0], fakes: [...buffers[1]], heat: [...buffers[2]], forces: [...buffers[3]] };
  }, learn);
}

async function start(page: Page, changes: Partial<TrainConfig>): Promise<void> {
  const { event } = await command(page, { type: 'reset', config: { ...RING8, ...changes } });
  expect(event.type).toBe('started');
}

test('a step is told by keys, phase by phase, with its own numbers and pictures', async ({ page }) => {
  await openLab(page);
  await start(page, { objective: 'non_saturating', ema: { start: 0, end: 0, kimg: 0 } });
  await train(page, 10);
  await expect.poll(async () => (await stage(page))?.step).toBe(10);
  const [now, half, after] = [await stage(page), await tried(page, 'critic'), await tried(page)];
  if (!now) throw new Error('no stage');
  await page.keyboard.press('m');
  const first = await phase(page, 'sample');
  expect(first.told.phases).toEqual(['sample', 'answer', 'critic-gradient', 'critic-update', 'generator-gradient', 'generator-update']);
  expect(first.told.report).toEqual(after.report);
  expect([first.shown.fakes, first.shown.heat, first.shown.step]).toEqual([now.fakes, now.heat, 10]);
  await expect(panel(page).locator('[aria-current=step]')).toHaveText('Sample');
  await expect(panel(page).getByRole('heading', { level: 2 })).toHaveText('Slow motion, step 11');

  await page.keyboard.press('n');
  await phase(page, 'answer');
  await expect.poll(() => drawn(page, 'd_real')).toBe(`ED(x)${after.report.d_real.toFixed(3).replace('-', '−')}`);

  await page.keyboard.press('n');
  const third = await phase(page, 'critic-gradient');
  await expect.poll(() => drawn(page, 'loss_d')).toContain('LD=Esp(−D(x))+Esp(D(g))');
  await expect(written(page, 'loss_d')).toContainText(after.report.loss_d.toFixed(3));
  await expect.poll(() => drawn(page, 'r1')).toContain('γ1/2⋅E∥∇D(x)∥2');
  expect(third.told.lines.find(({ name }) => name === 'total')?.value).toBeCloseTo(after.report.loss_d + after.report.r1 + after.report.r2, 12);
  // σ(−D) at a real and σ(D) at a fake, read off the cells around them.
  const { heat, grid, view, reals, fakes } = third.shown;
  const near = (x: number, y: number) => {
    const cell = (at: number, low: number, high: number) => Math.floor(((at - low) / (high - low)) * grid);
    return heat[cell(y, view.y_min, view.y_max) * grid + cell(x, view.x_min, view.x_max)];
  };
  const sigmoid = (t: number) => 1 / (1 + Math.exp(-t));
  const { weights } = third.told;
  for (let i = 0; i < 200; i++) {
    expect(weights?.reals[i]).toBeCloseTo(sigmoid(-near(reals[2 * i], reals[2 * i + 1])), 1);
    if (Math.max(Math.abs(fakes[2 * i]), Math.abs(fakes[2 * i + 1])) < view.x_max) expect(weights?.fakes[i]).toBeCloseTo(sigmoid(near(fakes[2 * i], fakes[2 * i + 1])), 1);
  }

  await page.keyboard.press('n');
  const fourth = await phase(page, 'critic-update');
  expect(fourth.shown.heat).toEqual(half.heat);
  expect(fourth.shown.heat).not.toEqual(now.heat);
  expect(fourth.shown.fakes).toEqual(now.fakes);

  await page.keyboard.press('n');
  const fifth = await phase(page, 'generator-gradient');
  expect(fifth.shown.forces).toEqual(half.forces);
  expect(fifth.shown.fakes).toEqual(now.fakes);
  await expect.poll(() => drawn(page, 'loss_g')).toContain('LG=Esp(−D(g))');
  await expect(written(page, 'loss_g')).toContainText(after.report.loss_g.toFixed(3));

  await page.keyboard.press('n');
  const sixth = await phase(page, 'generator-update');
  expect(sixth.shown.fakes).toEqual(after.fakes);
  expect(sixth.shown.forces).toEqual(half.forces);

  // Back, on to the end, and the run has made the step that was told.
  await page.keyboard.press('p');
  await phase(page, 'generator-gradient');
  expect((await state(page)).step).toBe(10);
  await page.keyboard.press('n');
  await page.keyboard.press('n');
  const next = await phase(page, 'sample', 12);
  expect(next.shown.step).toBe(11);
  expect(next.shown.fakes).toEqual(after.fakes);
  expect((await state(page)).report).toMatchObject({ loss_d: after.report.loss_d, loss_g: after.report.loss_g });
  await page.keyboard.press('Escape');
  await expect(panel(page)).toHaveCount(0);
  expect(await narration(page)).toBeNull();
  expect((await stage(page))?.fakes).toEqual(after.fakes);
  expect((await state(page)).step).toBe(11);
});

test('three steps in slow motion are three plain ones, bit for bit', async ({ page }) => {
  await openLab(page);
  await train(page, 5);
  const [from] = (await command(page, { type: 'save' })).buffers;
  await train(page, 3);
  const plain = await saved(page);
  await command(page, { type: 'load', name: 'the run before' }, from);
  await button(page, 'Slow motion').click();
  for (let step = 6; step <= 8; step++) {
    const { told } = await phase(page, 'sample', step);
    // One step is told to its end, one goes straight to its last phase, and of one the rest is skipped.
    if (step === 6) for (let i = 0; i < told.phases.length; i++) await page.keyboard.press('n');
    if (step === 7) {
      await panel(page).getByRole('button', { name: "G's update" }).click();
      await button(page, 'Next phase').click();
    }
    if (step === 8) {
      await page.keyboard.press('n');
      await button(page, 'Next step').click();
    }
  }
  await phase(page, 'sample', 9);
  expect((await state(page)).step).toBe(8);
  expect((await saved(page)) === plain).toBe(true);
});

test('closed in the middle it leaves the run and the stage where they were', async ({ page }) => {
  await openLab(page);
  await train(page, 4);
  await expect.poll(async () => (await stage(page))?.step).toBe(4);
  const [before, seen] = [await saved(page), await stage(page)];
  await button(page, 'Slow motion').click();
  await phase(page, 'sample');
  await expect(page.getByLabel('Isolines of D*')).toBeDisabled();
  for (const name of ['answer', 'critic-gradient', 'critic-update', 'generator-gradient']) {
    await page.keyboard.press('n');
    await phase(page, name);
  }
  // Other parts of the plane are looked at in it too.
  await button(page, 'Zoom in').click();
  await expect.poll(async () => (await stage(page))?.view).not.toEqual(seen?.view);
  expect((await narration(page))?.phase).toBe('generator-gradient');
  await button(page, 'The whole picture').click();
  await button(page, 'Close slow motion').click();
  await expect(button(page, 'Slow motion')).toBeFocused();
  await expect.poll(async () => ({ ...(await stage(page)), best: null })).toEqual({ ...seen, best: null });
  await expect(page.getByLabel('Isolines of D*')).toBeEnabled();
  expect((await saved(page)) === before).toBe(true);
});

test('five updates of D and its penalty are told as what they are', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Method').selectOption('wgan-gp');
  await expect.poll(async () => (await state(page)).settings.objective).toBe('wgan');
  await train(page, 20);
  const [half, after] = [await tried(page, 'critic'), await tried(page)];
  await page.keyboard.press('m');
  await phase(page, 'sample');
  await expect(panel(page)).toContainText('D moves 5 times before G does');
  await expect.poll(() => drawn(page, 'reals')).toContain('5×64');
  await page.keyboard.press('n');
  await page.keyboard.press('n');
  const { told } = await phase(page, 'critic-gradient');
  expect(told.report).toEqual(after.report);
  await expect(panel(page)).toContainText("the last of D's 5 updates");
  const { loss_d, slope, d_real, d_fake } = after.report;
  expect(loss_d).toBeCloseTo(d_fake - d_real, 5);
  expect(told.lines.find(({ name }) => name === 'slope')?.value).toBe(slope);
  await expect.poll(() => drawn(page, 'slope')).toContain('P=λE(∥∇D(x^)∥−1)2=0.1⋅');
  await expect(written(page, 'r1')).toHaveCount(0);
  // Every sample in the picture pulls equally hard.
  expect(new Set(told.weights?.reals)).toEqual(new Set([1]));
  await page.keyboard.press('n');
  const moved = await phase(page, 'critic-update');
  expect(moved.shown.heat).toEqual(half.heat);
  await expect.poll(() => drawn(page, 'update_d')).toContain('5times');
});

test('players that move together show both gradients at the old place, then both updates', async ({ page }) => {
  await openLab(page);
  await start(page, { objective: 'lsgan', play: 'simultaneous', ema: { start: 0, end: 0, kimg: 0 } });
  await train(page, 3);
  await expect.poll(async () => (await stage(page))?.step).toBe(3);
  await page.getByLabel('Forces on fakes').check();
  await expect.poll(async () => (await stage(page))?.forces).not.toBeNull();
  const [now, after] = [await stage(page), await tried(page)];
  await page.keyboard.press('m');
  const { told } = await phase(page, 'sample');
  expect(told.phases).toEqual(['sample', 'answer', 'critic-gradient', 'generator-gradient', 'both-update']);
  await expect(panel(page)).toContainText('D and G move together');
  await panel(page).getByRole('button', { name: "G's gradient" }).click();
  const pulled = await phase(page, 'generator-gradient');
  expect([pulled.shown.heat, pulled.shown.forces]).toEqual([now?.heat, now?.forces]);
  await page.keyboard.press('n');
  const both = await phase(page, 'both-update');
  expect([both.shown.heat, both.shown.fakes]).toEqual([after.heat, after.fakes]);
  await page.keyboard.press('n');
  await phase(page, 'sample', 5);
  expect((await stage(page))?.fakes).toEqual(after.fakes);
});

test('a run of one player, a setting changed, one step more and training at speed are followed', async ({ page }) => {
  await openLab(page);
  await page.getByRole('toolbar', { name: 'Training' }).getByLabel('Learn').selectOption('critic');
  await expect.poll(async () => (await state(page)).settings.learn).toBe('critic');
  await page.keyboard.press('m');
  const { told } = await phase(page, 'sample');
  expect(told.phases).toEqual(['sample', 'answer', 'critic-gradient', 'critic-update']);
  await page.getByRole('toolbar', { name: 'Training' }).getByLabel('Learn').selectOption('generator');
  await expect.poll(async () => (await narration(page))?.phases).toEqual(['sample', 'answer', 'generator-gradient', 'generator-update']);
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('.');
  await phase(page, 'sample', 2);
  await page.keyboard.press('Space');
  await expect(panel(page)).toHaveCount(0);
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(5);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await state(page)).playing).toBe(false);
  await expect.poll(async () => (await stage(page))?.step).toBe((await state(page)).step);
});

test('it goes on by itself from phase to phase, and by hand where less motion is wished', async ({ page }) => {
  await openLab(page);
  await button(page, 'Slow motion').click();
  await phase(page, 'sample');
  const begin = Date.now();
  await panel(page).getByRole('button', { name: 'Play', exact: true }).click();
  await phase(page, 'critic-gradient');
  expect(Date.now() - begin).toBeGreaterThan(4500);
  expect(Date.now() - begin).toBeLessThan(9000);
  await panel(page).getByRole('button', { name: 'Hold' }).click();
  await page.waitForTimeout(3000);
  expect((await narration(page))?.phase).toBe('critic-gradient');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await expect.poll(async () => (await stage(page))?.step, { timeout: 60_000 }).toBe(0);
  await button(page, 'Slow motion').click();
  await phase(page, 'sample');
  await expect(panel(page).getByRole('button', { name: 'Play', exact: true })).toBeDisabled();
  await panel(page).getByRole('button', { name: "D's update" }).click();
  // At once, without a way there.
  expect(await narration(page)).toMatchObject({ phase: 'critic-update', settled: true });
});

test('the file of the stage shows what the phase shows', async ({ page }) => {
  await openLab(page);
  await button(page, 'Slow motion').click();
  await phase(page, 'sample');
  const svg = async () => {
    const download = page.waitForEvent('download');
    await button(page, 'Stage (SVG)').click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  };
  expect(await svg()).not.toContain('<image');
  await panel(page).getByRole('button', { name: "D's answer" }).click();
  const answer = await svg();
  expect(answer).toContain('<image');
  expect(answer).not.toContain('fill="#0072b2"');
});
