/** What a visitor of the page feels: opening it, dragging in it, its pictures, its memory. */
import { readFileSync, readdirSync } from 'node:fs';
import { PORT, launch, median, opened } from './subjects.mjs';

const URL = `http://127.0.0.1:${PORT}/`;
const seconds = (begin) => (performance.now() - begin) / 1000;

/** From opening the page to the first step and to 8 of 8 modes, with ▶ pressed as soon as it can be, and the bytes that came over the wire. */
export async function opening(browser) {
  const page = await browser.newPage();
  const sizes = [];
  page.on('requestfinished', (request) => sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize)));
  const begin = performance.now();
  await page.goto(URL);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.waitForFunction(() => window.sparring.state().step > 0, null, { timeout: 60_000, polling: 10 });
  const first_step_s = seconds(begin);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await page.waitForFunction(() => window.sparring.state().report.modes === 8, null, { timeout: 120_000, polling: 20 });
  const eight_modes_s = seconds(begin);
  const { images } = await page.evaluate(() => window.sparring.state());
  await page.close();
  return { first_step_s, eight_modes_s, eight_modes_images: images, bytes };
}

/** Pictures a second of the stage and tasks of the main thread over 50 ms, while the default run trains for so many seconds. */
export async function redrawing(browser, length) {
  const page = await browser.newPage();
  await page.goto(URL);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.waitForFunction(() => window.sparring.state().step > 0);
  const measured = await page.evaluate(async (length) => {
    const tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    let [frames, looks, last] = [0, 0, -1];
    const begin = performance.now();
    while (performance.now() - begin < length * 1000) {
      await new Promise(requestAnimationFrame);
      frames += 1;
      const { step } = window.sparring.state();
      if (step !== last) looks += 1;
      last = step;
    }
    const past = (performance.now() - begin) / 1000;
    return { frames_a_second: frames / past, new_figures_a_second: looks / past, long_tasks: tasks.length, longest_task_ms: Math.max(0, ...tasks) };
  }, length);
  await page.close();
  return measured;
}

/** From moving a slider of the latent room to the sample it makes, with the bundled digits; milliseconds, the median of many. */
export async function dragging(browser) {
  const page = await browser.newPage();
  await page.goto(`${URL}#latent`);
  await page.waitForFunction(() => window.sparring?.latent()?.sample.length > 0, null, { timeout: 60_000 });
  const times = await page.evaluate(async () => {
    const slider = document.querySelector('input[type=range][aria-label="z 1"]');
    const times = [];
    for (let i = 0; i < 30; i++) {
      const before = window.sparring.latent().sample.join();
      const begin = performance.now();
      slider.value = String(-2 + i * 0.13);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      while (window.sparring.latent().sample.join() === before) await new Promise((resolve) => setTimeout(resolve));
      times.push(performance.now() - begin);
    }
    return times;
  });
  await page.close();
  return median(times);
}

/** Resident memory of the renderer processes below this one, in MB. */
function residentMemory() {
  const own = new Set([process.pid]);
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const [, parent] = /PPid:\t(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return [{ pid: Number(pid), parent: Number(parent), renderer: readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer') }];
    } catch {
      return [];
    }
  });
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of all) if (own.has(parent) && !own.has(pid)) grown = Boolean(own.add(pid));
  }
  const kB = all.filter(({ pid, renderer }) => renderer && own.has(pid)).map(({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0));
  return kB.reduce((sum, one) => sum + one, 0) / 1024;
}

/** Our page over a million steps of one run of the small game, read every 100,000, in MB: the page's JavaScript heap after a collection, the engine's memory, and what its process holds. */
export async function memory(toy) {
  const browser = await launch([]);
  const { page, train } = await opened(browser, 'cpu');
  const client = await page.context().newCDPSession(page);
  const read = async () => {
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    const engine = await page.workers()[0].evaluate(() => self.engineBytes());
    return [usedSize / 2 ** 20, engine / 2 ** 20, residentMemory()].map((mark) => Math.round(mark * 100) / 100);
  };
  await train(toy, { seconds: 5 });
  const marks = [await read()];
  while (marks.length <= 10) {
    await train(toy, { seconds: Infinity, steps: 100_000, on: true });
    marks.push(await read());
  }
  await browser.close();
  return marks;
}
