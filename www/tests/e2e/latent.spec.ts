import type { Page } from '@playwright/test';
import { button, command, expect, latent, openLab, state, test, train } from './page';

const picker = (page: Page) => page.locator('input[type=file][accept=".safetensors"]');

/** A ring8 generator, exported in the lab and picked as a file in the latent room. */
async function withRing(page: Page): Promise<Buffer> {
  await openLab(page);
  await train(page, 30);
  const { event, buffers } = await command(page, { type: 'export', half: false });
  expect(event.type).toBe('exported');
  const file = Buffer.from(buffers[0]);
  await page.getByRole('link', { name: 'Latent' }).click();
  await picker(page).setInputFiles({ name: 'ring.safetensors', mimeType: 'application/octet-stream', buffer: file });
  await expect.poll(async () => (await latent(page))?.title).toBe('ring.safetensors');
  await expect.poll(async () => (await latent(page))?.sample.length).toBeGreaterThan(0);
  return file;
}

const close = (a: number[], b: number[]) => a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) < 1e-4);
const sample = async (page: Page) => (await latent(page))?.sample ?? [];

async function explores(page: Page): Promise<void> {
  const first = await latent(page);
  if (!first) throw new Error('no generator is loaded');
  expect(first.sample.every(Number.isFinite)).toBe(true);
  // A slider moves the sample, snapping sets zero, and the row's reset brings both back.
  await page.getByRole('slider', { name: 'z 1', exact: true }).fill('2.5');
  await expect.poll(async () => close(await sample(page), first.sample)).toBe(false);
  expect((await latent(page))?.z[0]).toBe(2.5);
  await button(page, 'Snap z 1 to zero').click();
  expect((await latent(page))?.z[0]).toBe(0);
  await button(page, 'Reset z 1').click();
  await expect.poll(async () => close(await sample(page), first.sample)).toBe(true);
  // An exact number is taken as it is.
  await page.getByRole('spinbutton', { name: 'z 2, exact' }).fill('-0.125');
  await page.getByRole('spinbutton', { name: 'z 2, exact' }).press('Enter');
  expect((await latent(page))?.z[1]).toBe(-0.125);
  await button(page, 'Reset z 2').click();
  await expect.poll(async () => close(await sample(page), first.sample)).toBe(true);

  // The way from A to B begins and ends in them.
  await button(page, 'Set A').click();
  const a = await sample(page);
  await button(page, 'Random').click();
  await expect.poll(async () => close(await sample(page), a)).toBe(false);
  await button(page, 'Set B').click();
  const b = await sample(page);
  const way = page.getByRole('slider', { name: 'Place between A and B' });
  await way.fill('0.5');
  await expect.poll(async () => close(await sample(page), a) || close(await sample(page), b)).toBe(false);
  await way.fill('0');
  await expect.poll(async () => close(await sample(page), a)).toBe(true);
  await way.fill('1');
  await expect.poll(async () => close(await sample(page), b)).toBe(true);
  // Playing moves along it.
  await button(page, 'Play').click();
  await expect.poll(async () => close(await sample(page), b)).toBe(false);
  await button(page, 'Stop').click();
}

test('an exported generator is explored with sliders and along a great circle, while the lab trains on', async ({ page }) => {
  await withRing(page);
  expect((await latent(page))?.shape).toEqual([2]);
  await command(page, { type: 'play' });
  await explores(page);
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(30);
});

test('the same seed draws the same z', async ({ page }) => {
  await withRing(page);
  const first = await latent(page);
  await button(page, 'Random').click();
  await expect.poll(async () => (await latent(page))?.z).not.toEqual(first?.z);
  await page.getByLabel('Seed').fill('1');
  await page.getByLabel('Seed').press('Enter');
  await expect.poll(async () => (await latent(page))?.z).toEqual(first?.z);
});

test('a foreign or damaged file is refused by name, and what was loaded stays', async ({ page }) => {
  const file = await withRing(page);
  const before = await latent(page);
  for (const [name, bytes] of [
    ['photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
    ['cut.safetensors', file.subarray(0, file.length >> 1)],
  ] as const) {
    await picker(page).setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
    await expect(page.getByRole('alert')).toContainText(name);
    expect(await latent(page)).toMatchObject({ title: 'ring.safetensors', sample: before?.sample });
  }
  await picker(page).setInputFiles({ name: 'again.safetensors', mimeType: 'application/octet-stream', buffer: file });
  await expect.poll(async () => (await latent(page))?.title).toBe('again.safetensors');
  await expect(page.getByRole('alert')).toBeHidden();
});

test('a dropped export opens in the latent room', async ({ page }) => {
  const file = await withRing(page);
  await page.getByRole('link', { name: 'Lab' }).click();
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(bytes)], 'dropped.safetensors'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [...file]);
  await expect.poll(async () => (await latent(page))?.title).toBe('dropped.safetensors');
  await expect(page).toHaveURL(/#latent$/);
});

test('the bundled digits are explored, or the page says that it came without them', async ({ page, request }) => {
  const bundled = (await request.get('weights/mnist.json')).ok();
  await page.goto('#latent');
  if (!bundled) {
    await expect(page.getByRole('status')).toContainText('came without its bundled generator');
    return;
  }
  await expect.poll(async () => (await latent(page))?.shape, { timeout: 60_000 }).toEqual([1, 28, 28]);
  await expect.poll(async () => (await latent(page))?.wall).toBe(64 * 784);
  await explores(page);
  // Sliders come in pages of eight.
  await expect(page.getByRole('slider', { name: /^z \d+$/ })).toHaveCount(8);
  await button(page, 'Next dimensions').click();
  await expect(page.getByRole('slider', { name: 'z 9', exact: true })).toBeVisible();
  // A sample of the wall becomes the current one.
  const before = await sample(page);
  await button(page, 'Take sample 5').click();
  await expect.poll(async () => close(await sample(page), before)).toBe(false);
});
