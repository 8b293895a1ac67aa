import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { RING8, TOYS, button, command, expect, openLab, reveal, stage, state, test, train } from './page';

test('the page opens with reals and untrained fakes on the stage, nothing missing and nothing foreign', async ({ page }) => {
  await openLab(page);
  const seen = await stage(page);
  expect(seen?.reals.length).toBe(seen?.fakes.length);
  expect(seen?.reals.length).toBeGreaterThan(500);
  // Reals lie on the unit circle, σ .01; fakes do not yet.
  const radii = (points: number[]) => Array.from({ length: points.length / 2 }, (_, i) => Math.hypot(points[2 * i], points[2 * i + 1]));
  expect(radii(seen?.reals ?? []).every((radius) => Math.abs(radius - 1) < 0.07)).toBe(true);
  expect(radii(seen?.fakes ?? []).every((radius) => Math.abs(radius - 1) < 0.07)).toBe(false);
  expect(await state(page)).toMatchObject({ playing: false, step: 0, images: 0, seed: 1, device: { kind: 'cpu' }, settings: { data: 'ring8' }, error: null });
  await expect(page.getByText('GAN losses do not measure quality; the curve of quality does.')).toBeVisible();
});

test('the first load is small, and its policy lets nothing in from elsewhere', async ({ page }) => {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await openLab(page);
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(10_000);
  expect(total).toBeLessThan(145_000);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
});

test('▶ trains, ⏸ stops, ⏭ is exactly one step', async ({ page }) => {
  await openLab(page);
  const before = await stage(page);
  await button(page, 'Train').click();
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(20);
  await expect.poll(async () => (await stage(page))?.step).toBeGreaterThan(0);
  await button(page, 'Pause').click();
  await expect(button(page, 'Train')).toBeVisible();
  const paused = await state(page);
  expect(paused.playing).toBe(false);
  await page.waitForTimeout(400);
  expect((await state(page)).step).toBe(paused.step);
  // The stage shows the paused step.
  await expect.poll(async () => (await stage(page))?.step).toBe(paused.step);
  const after = await stage(page);
  expect(after?.fakes).not.toEqual(before?.fakes);
  expect(after?.heat).not.toEqual(before?.heat);
  expect(after?.reals).toEqual(before?.reals);
  await button(page, 'One step').click();
  await expect.poll(async () => (await state(page)).step).toBe(paused.step + 1);
  expect((await state(page)).images).toBe(paused.images + RING8.batch);
});

test('the evidence is shown: losses, modes, HQ', async ({ page }) => {
  await openLab(page);
  const [last] = (await train(page, 10)).slice(-1);
  await expect.poll(async () => (await state(page)).metrics_step).toBe(10);
  const { report } = await state(page);
  expect(report).toMatchObject({ loss_d: last.loss_d, loss_g: last.loss_g });
  await expect(page.getByTestId('modes')).toHaveText(`${report.modes}/8`);
  await expect(page.getByRole('img', { name: /Losses over 10 steps/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Step 10, 2,560 images/ })).toBeVisible();
});

test('the loss curves follow a run that plays', async ({ page }) => {
  await openLab(page);
  const chart = page.getByRole('img', { name: /losses/i });
  const picture = () => chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  // It is found later than the losses.
  await page.getByLabel(/least loss D could have/).uncheck();
  const empty = await picture();
  await button(page, 'Train').click();
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(60);
  await button(page, 'Pause').click();
  await expect(button(page, 'Train')).toBeVisible();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(300);
  const followed = await picture();
  expect(followed).not.toBe(empty);
  // A chart that is built anew from the same run looks the same.
  await page.getByLabel('Log steps').check();
  await expect.poll(picture).not.toBe(followed);
  await page.getByLabel('Log steps').uncheck();
  await expect.poll(picture).toBe(followed);
});

test('↺ returns to image 0 with the same stage, and the same seed gives the same curve', async ({ page }) => {
  await openLab(page);
  // The best critic is looked at later than the rest.
  const seen = async () => ({ ...(await stage(page)), best: null });
  const first = await seen();
  const once = await train(page, 20);
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await state(page)).step).toBe(0);
  await expect.poll(async () => (await stage(page))?.step).toBe(0);
  expect(await seen()).toEqual(first);
  expect(await train(page, 20)).toEqual(once);
  // Another seed is another run.
  await page.getByLabel('Seed').fill('12');
  await page.getByLabel('Seed').press('Enter');
  await expect.poll(async () => (await state(page)).seed).toBe(12);
  expect((await state(page)).step).toBe(0);
  expect(await train(page, 20)).not.toEqual(once);
});

test('looking, measuring and saving do not change training', async ({ page }) => {
  await openLab(page);
  await command(page, { type: 'reset', config: RING8 });
  const blind = await train(page, 20);
  await command(page, { type: 'reset', config: RING8 });
  const seen = await page.evaluate(async () => {
    const history = [];
    for (let step = 0; step < 20; step++) {
      const { event } = await window.sparring.command({ type: 'step', steps: 1 });
      if (event.type === 'progress') history.push(...event.history);
      await window.sparring.command({ type: 'look', view: { x_min: -1, x_max: 1, y_min: -1, y_max: 1 }, samples: 50, grid: 16, extras: ['forces', 'slopes', 'mesh', 'optimum', 'checkpoint'] });
      await window.sparring.command({ type: 'evaluate', scores: [] });
      await window.sparring.command({ type: 'save' });
      await window.sparring.command({ type: 'export', half: true });
    }
    return history;
  });
  expect(seen).toEqual(blind);
});

test('a live setting changes the run that goes on; another waits for ↺ and is kept by it', async ({ page }) => {
  await openLab(page);
  await train(page, 5);
  await page.getByRole('spinbutton', { name: 'Batch', exact: true }).fill('64');
  await page.getByRole('spinbutton', { name: 'Batch', exact: true }).press('Enter');
  await expect.poll(async () => (await state(page)).settings.batch).toBe(64);
  expect((await state(page)).step).toBe(5);
  await page.getByLabel('Generator width').fill('24');
  await page.getByLabel('Generator width').press('Enter');
  await expect(page.getByText('applies on ↺', { exact: true })).toBeVisible();
  expect((await state(page)).settings.generator.width).toBe(RING8.generator.width);
  await train(page, 1);
  expect(await state(page)).toMatchObject({ step: 6, images: 5 * RING8.batch + 64 });
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await state(page)).settings.generator.width).toBe(24);
  expect(await state(page)).toMatchObject({ step: 0, settings: { batch: 64 } });
  await expect(page.getByText('applies on ↺', { exact: true })).toBeHidden();
  // One row goes back to the preset without the other.
  await button(page, 'Reset Batch to the preset').click();
  await expect.poll(async () => (await state(page)).settings.batch).toBe(RING8.batch);
  expect((await state(page)).settings.generator.width).toBe(24);
});

test('a bad setting is refused by name and keeps everything', async ({ page }) => {
  await openLab(page);
  await train(page, 3);
  const before = await state(page);
  const batch = page.getByRole('spinbutton', { name: 'Batch', exact: true });
  await batch.fill('0');
  await batch.press('Enter');
  await expect(page.getByRole('alert')).toContainText('`batch`');
  await expect(batch).toHaveAttribute('aria-invalid', 'true');
  expect(await state(page)).toMatchObject({ step: 3, settings: before.settings, error: { code: 'setting' } });
  // Neither does ↺ begin a run of it.
  await button(page, 'Start anew').click();
  await expect(page.getByRole('alert')).toContainText('`batch`');
  expect(await state(page)).toMatchObject({ step: 3, settings: before.settings });
  await batch.fill('1.5');
  await batch.press('Enter');
  await expect(page.getByRole('alert')).toContainText('`batch`: must be a whole number');
  await batch.fill('128');
  await batch.press('Enter');
  await expect(page.getByRole('alert')).toBeHidden();
  await expect.poll(async () => (await state(page)).settings.batch).toBe(128);
  expect((await state(page)).step).toBe(3);
});

test('the other data are a preset of their own', async ({ page }) => {
  await openLab(page);
  await button(page, 'Grid of 25').click();
  await expect.poll(async () => (await state(page)).settings.data).toBe('grid25');
  await expect.poll(async () => (await stage(page))?.reals.some((x) => x > 3.5)).toBe(true);
  await train(page, 2);
  await expect.poll(async () => (await state(page)).metrics?.coverage?.modes_total).toBe(25);
});

test('a saved checkpoint continues exactly', async ({ page }) => {
  await openLab(page);
  await train(page, 7);
  const saving = page.waitForEvent('download');
  await button(page, 'Save checkpoint').click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('ring8-seed1-000001k.sparring');
  const bytes = readFileSync(await saved.path());
  const continued = await train(page, 10);
  await command(page, { type: 'reset', config: { ...RING8, seed: 5 } });
  await page.locator('input[type=file][accept=".sparring"]').setInputFiles({ name: 'mine.sparring', mimeType: 'application/octet-stream', buffer: bytes });
  await expect.poll(async () => (await state(page)).step).toBe(7);
  expect((await state(page)).seed).toBe(1);
  expect(await train(page, 10)).toEqual(continued);
});

test('foreign and damaged files are refused by name and change nothing', async ({ page }) => {
  await openLab(page);
  await train(page, 2);
  const { buffers } = await command(page, { type: 'save' });
  const picker = page.locator('input[type=file][accept=".sparring"]');
  for (const [name, bytes] of [
    ['notes.txt', Buffer.from('hello')],
    ['empty.sparring', Buffer.alloc(0)],
    ['cut.sparring', Buffer.from(buffers[0].slice(0, buffers[0].length >> 1))],
  ] as const) {
    await picker.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
    await expect(page.getByRole('alert')).toContainText(name);
    expect(await state(page)).toMatchObject({ step: 2, error: { code: 'file' } });
  }
  expect(await train(page, 1)).toHaveLength(1);
});

test('the keys do what the help says', async ({ page }) => {
  await openLab(page);
  await page.keyboard.press('.');
  await expect.poll(async () => (await state(page)).step).toBe(1);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(2);
  await page.keyboard.press('Space');
  await expect.poll(async () => (await state(page)).playing).toBe(false);
  await page.keyboard.press('r');
  await expect.poll(async () => (await state(page)).step).toBe(0);
  await page.keyboard.press('Shift+R');
  await expect.poll(async () => (await state(page)).seed).not.toBe(1);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

for (const width of [1440, 1024, 360]) {
  test(`nothing overflows at ${width} px, in both rooms`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openLab(page);
    await expect(button(page, 'Train')).toBeInViewport();
    await reveal(page, 'settings');
    await page.getByText('More settings').click();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    // It stays in sight, however far one scrolls.
    await expect(button(page, 'Train')).toBeInViewport();
    await page.getByRole('link', { name: 'Latent' }).click();
    await button(page, "Take the lab's generator").click();
    await expect(page.getByRole('slider', { name: 'z 1' })).toBeVisible();
    expect(await overflow()).toBe(0);
  });
}

test('on a phone the play bar holds whole numbers, and what is chosen seldom stands in the page', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openLab(page);
  await train(page, 1);
  const box = async (testId: string) => page.getByTestId(testId).boundingBox();
  const room = async () => {
    // Whole and on one line, or not to be seen at all.
    const boxes = [await box('images'), await box('steps')];
    for (const each of boxes) expect(each && each.x > 164 && each.x + each.width <= 348 && each.y > 684 && each.y + each.height <= 740, JSON.stringify(boxes)).toBe(true);
  };
  await room();
  // As long as the numbers of a long run.
  await page.evaluate(() => {
    for (const [id, text] of [['images', '25,600,000'], ['steps', '100,000']]) document.querySelector(`[data-testid=${id}]`)?.replaceChildren(text);
  });
  await room();
  const speed = page.getByLabel('Speed');
  await speed.scrollIntoViewIfNeeded();
  const before = await speed.boundingBox();
  await page.evaluate(() => scrollBy(0, -100));
  expect((await speed.boundingBox())?.y).toBeCloseTo((before?.y ?? 0) + 100, 0);
  await expect(button(page, 'Train')).toBeInViewport({ ratio: 1 });
});

test('every toy trains, stays in the picture and is measured, points of the line included', async ({ page }) => {
  await openLab(page);
  for (const data of TOYS) {
    const { event } = await command(page, { type: 'preset', method: 'r3gan', data, settings: [] });
    if (event.type !== 'preset') throw new Error(JSON.stringify(event));
    await command(page, { type: 'reset', config: event.preset.config });
    await train(page, 2);
    await expect.poll(async () => (await state(page)).metrics_step, data).toBe(2);
    await expect.poll(async () => (await stage(page))?.step, data).toBe(2);
    const [shown, seen] = [await state(page), await stage(page)];
    expect(shown.settings.data).toBe(data);
    expect(shown.metrics?.scores[0].value, data).toBeGreaterThan(0);
    expect(seen?.reals.length, data).toBe(2000);
    expect(seen?.reals.every(Number.isFinite) && seen?.fakes.every(Number.isFinite), data).toBe(true);
  }
});

test('a method is chosen for the data at hand, and the data for the method', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Method').selectOption('wgan-gp');
  await expect.poll(async () => (await state(page)).settings).toMatchObject({ data: 'ring8', objective: 'wgan', gradient_penalty: 'wgan_gp', n_critic: 5 });
  await expect(page.getByText('Preset wgan-gp.')).toBeVisible();
  await button(page, 'Moons').click();
  await expect.poll(async () => (await state(page)).settings).toMatchObject({ data: 'moons', objective: 'wgan', latent_dim: 8 });
  const [last] = (await train(page, 2)).slice(-1);
  expect(last.slope).toBeGreaterThan(0);
});

test('points of a CSV file are imitated, and rows that are none are counted', async ({ page }) => {
  await openLab(page);
  const rows = Array.from({ length: 60 }, (_, i) => `${(i % 2) * 100},${50 + (i % 3)}`);
  const chosen = page.waitForEvent('filechooser');
  await button(page, 'CSV …').click();
  await (await chosen).setFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(`x,y\n${rows.join('\n')}\nno,point\n`) });
  await expect(page.getByText('mine.csv: 60 points; 1 row was no points and dropped.')).toBeVisible();
  expect((await state(page)).settings).toMatchObject({ data: 'points', latent_dim: 8 });
  await expect.poll(async () => (await stage(page))?.reals.some((x) => x > 90)).toBe(true);
  await train(page, 2);
  // The points travel with the settings: ↺ and another method keep them.
  await page.getByLabel('Method').selectOption('lsgan');
  await expect.poll(async () => (await state(page)).settings.objective).toBe('lsgan');
  expect((await state(page)).settings.points.length).toBe(60);
  // A file without points is refused by name, and the run stays.
  await page.getByLabel('CSV …').last().setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n') });
  await expect(page.getByRole('alert')).toContainText('bad.csv: holds no points');
  expect((await state(page)).settings.objective).toBe('lsgan');
});

test('all scores are measured on demand, each beside what the data score against themselves', async ({ page }) => {
  await openLab(page);
  await train(page, 5);
  await button(page, 'Measure all').click();
  await expect(page.getByRole('row', { name: /^JS/ })).toBeVisible({ timeout: 60_000 });
  const { metrics } = await state(page);
  expect(metrics?.scores.length).toBe(11);
  expect(metrics?.scores.every(({ value, band }) => Number.isFinite(value) && band[0] <= band[1])).toBe(true);
  // Five steps do not make the data.
  expect(metrics?.scores.find(({ score }) => score === 'js')?.value).toBeGreaterThan(0.3);
});

test('a game with classes shows how often D finds the class', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Method').selectOption('acgan');
  await expect.poll(async () => (await state(page)).settings.conditioning).toBe('acgan');
  await train(page, 40);
  await expect(page.getByTestId('accuracy')).toHaveText(/%/);
});

test('arrows show how the objective pulls the fakes, true to the slope of D', async ({ page }) => {
  await openLab(page);
  await train(page, 200);
  expect((await stage(page))?.forces).toBeNull();
  await page.keyboard.press('6');
  await expect(page.getByLabel('Forces on fakes')).toBeChecked();
  await expect.poll(async () => (await stage(page))?.forces?.length).toBe(2000);
  await expect(page.getByTestId('forces')).toContainText('−∇ₓL_G');
  const seen = await stage(page);
  if (!seen?.forces) throw new Error('no forces');
  const { view, grid, heat: logits, fakes, forces } = seen;
  // D's slope between the cells of its grid: RpGAN pulls along it, the stronger the steeper.
  const side = (view.x_max - view.x_min) / grid;
  const cell = (x: number, low: number) => Math.floor((x - low) / side);
  let [cosines, count] = [0, 0];
  for (let i = 0; i < fakes.length; i += 2) {
    const [column, row] = [cell(fakes[i], view.x_min), cell(fakes[i + 1], view.y_min)];
    if (column < 1 || row < 1 || column > grid - 2 || row > grid - 2) continue;
    const slope = [logits[row * grid + column + 1] - logits[row * grid + column - 1], logits[(row + 1) * grid + column] - logits[(row - 1) * grid + column]].map((rise) => rise / (2 * side));
    const [steep, strong] = [Math.hypot(...slope), Math.hypot(forces[i], forces[i + 1])];
    if (steep < 0.1) continue;
    expect(strong).toBeLessThan(1.5 * steep + 0.5);
    cosines += (slope[0] * forces[i] + slope[1] * forces[i + 1]) / (steep * strong);
    count += 1;
  }
  expect(count).toBeGreaterThan(200);
  expect(cosines / count).toBeGreaterThan(0.9);
});

test('the stage is saved as PNG and as SVG, with the layers that are on', async ({ page }) => {
  await openLab(page);
  await train(page, 20);
  const saved = async (name: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const png = await saved('Stage (PNG)');
  expect(png.name).toBe('ring8-seed1-000005k.png');
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([1600, 1600]);
  const svg = await saved('Stage (SVG)');
  await page.keyboard.press('2'); // the fakes
  const without = await saved('Stage (SVG)');
  const paths = (text: string) => page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('path').length, text);
  const [all, fewer] = [await paths(svg.bytes.toString()), await paths(without.bytes.toString())];
  expect(all).toBeGreaterThan(1);
  expect(fewer).toBe(all - 1);
});

test('rooms and panels that not every visit needs come when they are opened, and say so where they cannot', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname.split('/').pop() ?? ''));
  const parts = ['Latent', 'SlowMotion', 'Diagram', 'katex', 'zh'];
  const came = () => parts.filter((part) => fetched.some((file) => file.startsWith(`${part}-`) && file.endsWith('.js')));
  await openLab(page);
  await page.waitForLoadState('networkidle');
  expect(came()).toEqual([]);
  await page.locator('details.model > summary').click();
  await expect(page.getByTestId('units-critic')).toBeVisible();
  await expect.poll(came).toEqual(['Diagram', 'katex']);
  await page.getByRole('link', { name: 'Latent' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Latent');
  expect(came()).toEqual(['Latent', 'Diagram', 'katex']);
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Lab');
  await page.route(/\/SlowMotion-[^/]*\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("lost on the way")' }));
  await page.keyboard.press('m');
  await expect(page.getByRole('alert')).toContainText('lost on the way');
  // What was opened can be closed, and the run is what it was.
  await page.keyboard.press('m');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await train(page, 2);
  expect((await state(page)).step).toBe(2);
});
