import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { button, command, expect, openLab, stage, state, test } from './page';

/** Records while the run trains, until there are enough frames; then pauses and stops. */
async function film(page: Page, frames = 10): Promise<number> {
  await button(page, 'Record film').click();
  await button(page, 'Train').click();
  await expect.poll(() => recorded(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(frames);
  await button(page, 'Pause').click();
  await expect(button(page, 'Train')).toBeVisible();
  await expect.poll(async () => (await stage(page))?.step).toBe((await state(page)).step);
  await button(page, 'Stop recording').click();
  return recorded(page);
}

/** Frames, as the page tells. */
const recorded = async (page: Page) => Number(/(\d+) frames?/.exec((await page.getByTestId('film').textContent()) ?? '')?.[1] ?? 0);

async function made(page: Page, format: 'GIF' | 'WebM') {
  const [file] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), button(page, format).click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** What every frame of a GIF looks like, decoded by the browser: its time in milliseconds, and its pixels as one number and as the count of a colour. */
async function gifFrames(page: Page, bytes: Buffer, ink: number[]) {
  return page.evaluate(
    async ([text, ink]) => {
      const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const decoder = new ImageDecoder({ data, type: 'image/gif' });
      await Promise.all([decoder.completed, decoder.tracks.ready]);
      const frames = [];
      for (let i = 0; i < (decoder.tracks.selectedTrack?.frameCount ?? 0); i++) {
        const { image } = await decoder.decode({ frameIndex: i });
        const context = new OffscreenCanvas(image.codedWidth, image.codedHeight).getContext('2d');
        if (!context) throw new Error('no canvas');
        context.drawImage(image, 0, 0);
        const { data: pixels } = context.getImageData(0, 0, image.codedWidth, image.codedHeight);
        let [hash, inked] = [0, 0];
        for (let at = 0; at < pixels.length; at += 4) {
          hash = (Math.imul(hash, 31) + pixels[at] + 256 * pixels[at + 1] + 65_536 * pixels[at + 2]) | 0;
          if (ink.every((part, j) => Math.abs(pixels[at + j] - part) < 60)) inked += 1;
        }
        frames.push({ ms: (image.duration ?? 0) / 1000, hash, inked, size: [image.codedWidth, image.codedHeight] });
        image.close();
      }
      return frames;
    },
    [bytes.toString('base64'), ink] as const,
  );
}

const FAKE = [213, 94, 0];

test('a run is filmed and saved as GIF, every frame another', async ({ page }) => {
  await openLab(page);
  const frames = await film(page);
  const { images } = await state(page);
  const gif = await made(page, 'GIF');
  expect(gif.name).toBe(`ring8-seed1-${String(Math.floor(images / 1000)).padStart(6, '0')}k.gif`);
  expect(gif.bytes.subarray(0, 6).toString()).toBe('GIF89a');
  expect([gif.bytes.readUInt16LE(6), gif.bytes.readUInt16LE(8)]).toEqual([480, 480]);
  const seen = await gifFrames(page, gif.bytes, FAKE);
  expect(seen.length).toBe(frames);
  expect(seen.length).toBeGreaterThan(5);
  expect(new Set(seen.map(({ hash }) => hash)).size).toBe(seen.length);
  expect(seen.every(({ size }) => size.join() === '480,480')).toBe(true);
  expect(seen.slice(0, -1).every(({ ms }) => ms === 50)).toBe(true);
  // The fakes are in it, in their own ink, and not where their layer is off.
  expect(seen.every(({ inked }) => inked > 20)).toBe(true);
  await page.keyboard.press('2');
  const without = await gifFrames(page, (await made(page, 'GIF')).bytes, FAKE);
  expect(without.length).toBe(frames);
  expect(without.every(({ inked }) => inked === 0)).toBe(true);
});

test('the film as WebM plays, for as long as it has frames, and can be wound', async ({ page, browser, baseURL }) => {
  await openLab(page);
  const frames = await film(page);
  const webm = await made(page, 'WebM');
  expect(webm.name).toMatch(/^ring8-seed1-\d{6}k\.webm$/);
  expect([...webm.bytes.subarray(0, 4)]).toEqual([0x1a, 0x45, 0xdf, 0xa3]);
  // The lab's policy has no media: the film is played on a page without one.
  const elsewhere = await browser.newPage();
  await elsewhere.route('**/cinema', (route) => route.fulfill({ contentType: 'text/html', body: '<title>cinema</title>' }));
  await elsewhere.goto(`${baseURL}cinema`);
  const shown = await elsewhere.evaluate(async (text) => {
    const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const video = document.createElement('video');
    video.muted = true;
    const heard = (event: string) => new Promise((resolve, reject) => {
      video.addEventListener(event, resolve, { once: true });
      video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
    });
    const picture = () => {
      const context = new OffscreenCanvas(720, 720).getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(video, 0, 0);
      return context.getImageData(0, 0, 720, 720).data;
    };
    const apart = (a: Uint8ClampedArray, b: Uint8ClampedArray) => a.reduce((sum, part, i) => sum + Math.abs(part - b[i]), 0) / a.length;
    const loaded = heard('loadeddata');
    video.src = URL.createObjectURL(new Blob([data], { type: 'video/webm' }));
    await loaded;
    const wound = async () => {
      const there = heard('seeked');
      video.currentTime = 0;
      await there;
      return picture();
    };
    const first = await wound();
    const ended = heard('ended');
    await video.play();
    await ended;
    const last = picture();
    const back = await wound();
    return { duration: video.duration, size: [video.videoWidth, video.videoHeight], end: video.seekable.end(0), moved: apart(first, last), back: apart(first, back) };
  }, webm.bytes.toString('base64'));
  await elsewhere.close();
  expect(shown.duration).toBeCloseTo(frames / 20, 2);
  expect(shown).toMatchObject({ size: [720, 720], end: shown.duration });
  expect(shown.moved).toBeGreaterThan(0.5);
  expect(shown.back).toBeLessThan(shown.moved / 4);
});

test('making a film never holds the page up', async ({ page }) => {
  test.setTimeout(180_000);
  await openLab(page);
  await film(page, 30);
  // A task that the film causes comes with every film; one that a busy machine stretches does not.
  await expect(async () => {
    await page.waitForTimeout(500);
    await page.evaluate(() => {
      const watch = Object.assign(window, { long: [] as number[] });
      new PerformanceObserver((list) => watch.long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    });
    for (const format of ['GIF', 'WebM'] as const) expect((await made(page, format)).bytes.length).toBeGreaterThan(10_000);
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => (window as unknown as { long: number[] }).long)).toEqual([]);
  }).toPass({ timeout: 120_000, intervals: [0] });
});

test('a new run ends the recording, and the film keeps the name of its own', async ({ page }) => {
  await openLab(page);
  await button(page, 'Record film').click();
  await button(page, 'Train').click();
  await expect.poll(() => recorded(page)).toBeGreaterThan(6);
  const { settings } = await state(page);
  await command(page, { type: 'reset', config: { ...settings, data: 'moons', seed: 9 } });
  await expect(page.getByText('A new run began, and the recording ended with the run before.')).toBeVisible();
  const frames = await recorded(page);
  expect(frames).toBeGreaterThan(6);
  await button(page, 'One step').click();
  await expect.poll(async () => (await state(page)).step).toBe(1);
  expect(await recorded(page)).toBe(frames);
  const gif = await made(page, 'GIF');
  expect(gif.name).toMatch(/^ring8-seed1-\d{6}k\.gif$/);
  expect((await gifFrames(page, gif.bytes, FAKE)).length).toBe(frames);
});

test('a film is cancelled while it is made, and the recording stays', async ({ page }) => {
  await openLab(page);
  const frames = await film(page, 30);
  await button(page, 'WebM').click();
  await expect(page.getByRole('progressbar', { name: 'Making the WebM' })).toBeVisible();
  await button(page, 'Cancel').click();
  await expect(page.getByText('Cancelled; the recording is kept.')).toBeVisible();
  expect(await recorded(page)).toBe(frames);
  expect((await made(page, 'GIF')).bytes.length).toBeGreaterThan(10_000);
});

test('a run on the line is filmed as well, also with reduced motion and across rooms', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('#lab?data=bimodal1d');
  await expect.poll(async () => (await stage(page))?.step, { timeout: 60_000 }).toBe(0);
  const frames = await film(page, 6);
  await page.getByRole('link', { name: 'Latent' }).click();
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  expect(await recorded(page)).toBe(frames);
  const seen = await gifFrames(page, (await made(page, 'GIF')).bytes, FAKE);
  expect(seen.length).toBe(frames);
  expect(new Set(seen.map(({ hash }) => hash)).size).toBe(frames);
});

test('a browser without an encoder of video offers the GIF alone and says so', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'VideoEncoder'));
  await openLab(page);
  await film(page, 3);
  await expect(button(page, 'GIF')).toBeVisible();
  await expect(page.getByText('This browser cannot encode WebM.')).toBeVisible();
  await expect(button(page, 'WebM')).toBeHidden();
});

test('a film that cannot be made says why, and the recording stays', async ({ page }) => {
  await openLab(page);
  const frames = await film(page, 3);
  // An isolated page takes no worker without this header.
  const headers = { 'cross-origin-embedder-policy': 'require-corp' };
  await page.route('**/worker-*.js', (route) => route.fulfill({ headers, contentType: 'text/javascript', body: "onmessage = () => postMessage({ failed: 'out of memory' })" }));
  await button(page, 'GIF').click();
  await expect(page.getByRole('alert')).toHaveText('The film could not be made: out of memory. The recording is kept; try the other format.');
  await page.unroute('**/worker-*.js');
  expect(await recorded(page)).toBe(frames);
  expect((await made(page, 'GIF')).bytes.length).toBeGreaterThan(10_000);
  await expect(page.getByRole('alert')).toBeHidden();
});
