/**
 * How long the page holds its main thread at a time, from opening it to ten seconds after ▶ was pressed: node benches/tasks.mjs PROGRAM [WIDTHxHEIGHT]
 *
 * Read off Chromium's own trace, for the first visit and for one that finds the files in the browser's cache: what a task took, and what of it the processor worked for the page; other
 * programs lengthen the first and hardly the second.
 */
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { PORT, launch, median, program, root } from './subjects.mjs';

const OPENINGS = 5;
const TRAINS_MS = 10_000;
/** A window's own beginning is not the page's: Chromium makes its tool bars, pages of script as well, on the same cores. */
const WINDOW_MS = 2500;

/** Runs in the page before anything else: ▶ as soon as it can be pressed. */
function pressPlay() {
  const press = () => {
    const play = document.querySelector('button.play:not(:disabled)');
    if (play) play.click();
    else setTimeout(press, 20);
  };
  document.addEventListener('DOMContentLoaded', press);
}

/** One visit's tasks of the page's main thread: what each took, and its time on the processor, in ms. */
async function visit(context) {
  const page = await context.newPage();
  await page.waitForTimeout(WINDOW_MS);
  const client = await context.newCDPSession(page);
  const events = [];
  client.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await client.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { excludedCategories: ['*'], includedCategories: ['toplevel'] } });
  await page.addInitScript(pressPlay);
  await page.goto(`http://127.0.0.1:${PORT}/`);
  await page.waitForFunction(() => window.sparring.state().step > 0, null, { timeout: 60_000, polling: 100 });
  await page.waitForTimeout(TRAINS_MS);
  const complete = new Promise((resolve) => client.once('Tracing.tracingComplete', resolve));
  await client.send('Tracing.end');
  await complete;
  await page.close();
  return busiest(events);
}

/** The tasks of the one renderer's main thread that worked most: that of the page, beside an empty tab. */
function busiest(events) {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const tasks = mains.map(({ pid, tid }) =>
    events.filter((event) => event.name.endsWith('RunTask') && event.pid === pid && event.tid === tid && event.dur).map(({ dur, tdur = 0 }) => ({ took: dur / 1000, worked: tdur / 1000 })),
  );
  const work = (of) => of.reduce((sum, { worked }) => sum + worked, 0);
  return tasks.reduce((most, of) => (work(of) > work(most) ? of : most));
}

/** The longest task of each visit, the median of the most that one worked, and how many of all took more than 50 ms. */
function summary(visits) {
  return {
    longest_ms: visits.map((tasks) => Math.max(...tasks.map(({ took }) => took))),
    longest_worked_ms: median(visits.map((tasks) => Math.max(...tasks.map(({ worked }) => worked)))),
    over_50_ms: visits.flat().filter(({ took }) => took > 50).length,
  };
}

/** Of so many openings, for a first visit and for one after it. */
export async function tasks([width, height] = [1440, 900]) {
  const [first, again] = [[], []];
  for (let i = 0; i < OPENINGS; i++) {
    const browser = await launch([]);
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: 'light' });
    for (const visits of [first, again]) visits.push(await visit(context));
    await browser.close();
  }
  return { first: summary(first), again: summary(again) };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const serve = spawn(program, ['serve', '--port', String(PORT)], { cwd: root, stdio: 'ignore' });
  try {
    console.log(JSON.stringify(await tasks(process.argv[3]?.split('x').map(Number)), null, 2));
  } finally {
    serve.kill();
  }
}
