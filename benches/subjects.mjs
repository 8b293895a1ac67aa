/** Who is measured: each subject gives steps a second of a toy game. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { chromium } = createRequire(join(root, 'www/package.json'))('@playwright/test');
export const program = process.argv[2] ?? join(root, 'target/release/sparring');
const python = process.env.PYTHON ?? 'python3';
/** How long a subject is measured at a time. */
export const SECONDS = Number(process.env.SPARRING_BENCH_SECONDS ?? 3);
export const PORT = 4319;
const folder = mkdtempSync(join(tmpdir(), 'sparring-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export const preset = (name) => JSON.parse(readFileSync(join(root, 'www/src/generated/presets.json'), 'utf8')).find((preset) => preset.name === name).config;
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** A game as settings of the program. */
export const settingsOf = ({ batch, generator, critic, gamma, objective }) => [
  `batch=${batch}`, `objective=${objective}`, `r1=${gamma}`, `r2=${gamma}`,
  `generator.width=${generator[0]}`, `generator.depth=${generator[1]}`, `critic.width=${critic[0]}`, `critic.depth=${critic[1]}`,
];

/** The native program; the rate is the median of its reports. */
export function native(base, settings, kimg, flags = []) {
  const out = join(folder, 'run');
  rmSync(out, { recursive: true, force: true });
  const set = settings.flatMap((setting) => ['--set', setting]);
  execFileSync(program, ['train', base, '--device', 'cpu', '--kimg', String(kimg), '--out', out, ...set, ...flags], { stdio: 'ignore' });
  const lines = readFileSync(join(out, 'stats.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  return median(lines.map((line) => line.images_per_sec));
}
export const nativeToy = (toy) => native('ring8', settingsOf(toy), toy.batch * 12) / toy.batch;

/** PyTorch, for all cases at once. */
export function pytorch(cases) {
  const file = join(folder, 'cases.json');
  writeFileSync(file, JSON.stringify(cases));
  const lines = execFileSync(python, [join(root, 'benches/peers/pytorch.py'), String(SECONDS), file], { encoding: 'utf8' });
  const [about, ...rates] = lines.trim().split('\n').map((line) => JSON.parse(line));
  return { about, rates: Object.fromEntries(rates.map(({ case: name, steps_per_second }) => [name, steps_per_second])) };
}
export function hasPytorch() {
  try {
    execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const ALWAYS = ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** A WebGPU adapter in software. */
export const SOFTWARE = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-vulkan=swiftshader', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader'];
export const launch = (flags) => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...ALWAYS, ...flags] });

/** TensorFlow.js in a page of its own that may use threads. */
export async function tensorflow(browser) {
  const page = await browser.newPage();
  const modules = join(root, 'benches/peers/node_modules/@tensorflow');
  const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  await page.route('http://peers.localhost/**', (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', headers: isolated, body: '<!doctype html>' });
    return route.fulfill({ path: join(modules, path), headers: isolated });
  });
  await page.goto('http://peers.localhost/');
  for (const script of ['tfjs/dist/tf.min.js', 'tfjs-backend-wasm/dist/tf-backend-wasm.min.js', 'tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js']) {
    await page.addScriptTag({ path: join(modules, script) });
  }
  await page.addScriptTag({ path: join(root, 'benches/peers/tfjs.js') });
  await page.evaluate(() => tf.wasm.setWasmPaths('/tfjs-backend-wasm/dist/'));
  return (backend, toy) => page.evaluate(([backend, toy, seconds]) => measure(backend, toy, seconds), [backend, toy, SECONDS]);
}

/** Our page with an engine, and what trains a toy game there for so long or so many steps, and gives steps a second. */
export async function opened(browser, device) {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${PORT}/`);
  await page.waitForFunction(() => window.sparring?.stage()?.step === 0, null, { timeout: 120_000 });
  if (device === 'gpu') {
    await page.getByLabel('Compute on').selectOption('WebGPU');
    const ready = () => window.sparring.state().device?.kind === 'gpu' && window.sparring.state().status === 'ready';
    await page.waitForFunction(ready, null, { timeout: 900_000 });
  }
  return { page, train: (toy, { seconds = SECONDS, steps = Infinity, on = false } = {}) => page.evaluate(train, [on ? null : configOf(toy), seconds, steps]) };
}
export const ours = async (browser, device) => (await opened(browser, device)).train;

function configOf({ batch, objective, gamma, generator, critic }) {
  const base = preset('ring8');
  const flat = (rate) => ({ ...rate, start: gamma, end: gamma });
  const size = (network, [width, depth]) => ({ ...network, width, depth });
  return { ...base, batch, objective, r1: flat(base.r1), r2: flat(base.r2), generator: size(base.generator, generator), critic: size(base.critic, critic) };
}

/** Runs in the page; without settings the run that is there goes on. */
async function train([config, seconds, most]) {
  const [ENOUGH_MS, MOST_STEPS] = [400, 1000];
  const ask = async (command) => {
    const { event } = await window.sparring.command(command);
    if (event.type === 'failed') throw new Error(event.failure.message);
  };
  if (config) await ask({ type: 'reset', config });
  const chunk = async (steps) => {
    const before = performance.now();
    await ask({ type: 'step', steps });
    return performance.now() - before;
  };
  // So many at a time that the way there and back is little of it, as TensorFlow.js waits once in four steps; found before the clock runs.
  let size = 1;
  while ((await chunk(size)) < ENOUGH_MS && size < MOST_STEPS) size = Math.min(MOST_STEPS, 2 * size);
  let steps = 0;
  const begin = performance.now();
  while (performance.now() - begin < seconds * 1000 && steps < most) {
    await chunk(size);
    steps += size;
  }
  return (steps / (performance.now() - begin)) * 1000;
}
