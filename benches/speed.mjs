/**
 * Speed of training and of the page beside its peers, in one run on one machine: node benches/speed.mjs PROGRAM
 *
 * Every comparison is a ratio of medians over rounds in which the subjects take turns. Writes benches/results/speed.json and the section of docs/benchmarks.md
 * between its two marks. Environment: SPARRING_DATA holds mnist/ for the image rates, PYTHON is a Python with PyTorch, CHROMIUM a Chromium; what is missing is
 * left out in words.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { dragging, memory, opening, redrawing } from './page.mjs';
import { report } from './report.mjs';
import { PORT, SECONDS, SOFTWARE, hasPytorch, launch, median, native, nativeToy, ours, preset, program, pytorch, root, settingsOf, tensorflow } from './subjects.mjs';
import { tasks } from './tasks.mjs';

const ROUNDS = 3;

/** Two toy games at GAN Lab's and at twice its usual size, with and without penalties, and the default. `gamma` is that of R1 and R2. */
const TOYS = [
  { name: 'small', text: 'batch 150, G 2-14-2, D 2-10-1', batch: 150, generator: [14, 1], critic: [10, 1], gamma: 0 },
  { name: 'medium', text: 'batch 256, G 2-32-32-2, D 2-32-32-1', batch: 256, generator: [32, 2], critic: [32, 2], gamma: 0 },
  { name: 'medium+R1+R2', text: 'the same with R1 and R2', batch: 256, generator: [32, 2], critic: [32, 2], gamma: 0.1 },
].map((toy) => ({ ...toy, objective: 'non_saturating', latent_dim: 2, image: null }));

const say = (text) => console.error(text);

/** Median rates of every subject in every toy case, the subjects taking turns. */
async function toyRates(subjects) {
  const rates = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const toy of TOYS) {
      for (const { name, rate, skips } of subjects) {
        if (skips?.(toy)) continue;
        say(`  round ${round + 1}: ${toy.name}, ${name}`);
        ((rates[toy.name] ??= {})[name] ??= []).push(await rate(toy));
      }
    }
  }
  return Object.fromEntries(Object.entries(rates).map(([toy, of]) => [toy, Object.fromEntries(Object.entries(of).map(([name, all]) => [name, median(all)]))]));
}

/** How the cost of a step natively grows, one thing at a time from batch 256 and three layers of 64. */
function growth() {
  const base = { batch: 256, generator: [64, 3], critic: [64, 3], gamma: 0.1, objective: 'rpgan' };
  const rate = (change) => {
    const toy = { ...base, ...change };
    return native('ring8', settingsOf(toy), 200) / toy.batch;
  };
  return {
    width: [16, 32, 64, 128, 256].map((w) => [w, rate({ generator: [w, 3], critic: [w, 3] })]),
    depth: [1, 2, 4, 8].map((d) => [d, rate({ generator: [64, d], critic: [64, d] })]),
    batch: [32, 64, 128, 256, 512, 1024].map((batch) => [batch, rate({ batch })]),
    modes: [['two_gaussians', 2], ['disjoint', 3], ['ring8', 8], ['grid25', 25]].map(([data, modes]) => [modes, native('ring8', [...settingsOf(base), `data=${data}`], 200) / base.batch]),
    resolution: resolutions(),
  };
}

/** Images a second of the small image family natively, by the side of the images. */
function resolutions() {
  const lines = execFileSync('cargo', ['run', '--release', '--quiet', '--example', 'growth'], { cwd: root, encoding: 'utf8' });
  return lines.trim().split('\n').map((line) => JSON.parse(line)).map(({ side, images_per_second }) => [side, images_per_second]);
}

/** Images a second of the mnist preset and of the same networks in PyTorch, taking turns. */
function images(withPytorch) {
  const data = process.env.SPARRING_DATA && join(process.env.SPARRING_DATA, 'mnist');
  if (!data || !existsSync(data)) return { note: 'not measured: SPARRING_DATA does not name a folder that holds mnist/' };
  const config = preset('mnist');
  const size = ({ width, depth }) => [width, depth];
  const same = {
    name: 'mnist', image: [1, 28, 28], batch: config.batch, latent_dim: config.latent_dim, objective: config.objective, gamma: config.r1.start,
    generator: size(config.generator), critic: size(config.critic),
  };
  const [own, peer] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    say(`  round ${round + 1}: mnist`);
    own.push(native('mnist', [], 1.5, ['--data', data]));
    if (withPytorch) peer.push(pytorch([same]).rates.mnist * config.batch);
  }
  return { sparring: median(own), ...(withPytorch && { pytorch: median(peer) }) };
}

async function main() {
  const serve = spawn(program, ['serve', '--port', String(PORT)], { cwd: root, stdio: 'ignore' });
  const browsers = [];
  try {
    say('memory of the page over a million steps');
    const resident = await memory(TOYS[0]); // first: it counts every page that is open
    browsers.push(await launch([]), await launch(SOFTWARE));
    const results = { ...(await measureAll(...browsers)), memory: resident };
    mkdirSync(join(root, 'benches/results'), { recursive: true });
    writeFileSync(join(root, 'benches/results/speed.json'), `${JSON.stringify(results, null, 2)}\n`);
    const text = report(ROUNDS, SECONDS, TOYS, results);
    publish(text);
    console.log(text);
  } finally {
    serve.kill();
    for (const browser of browsers) await browser.close();
  }
}

async function measureAll(plain, software) {
  say('the page opens, is drawn and dragged in');
  const visit = { ...(await opening(plain)), ...(await redrawing(plain, 10)), drag_ms: await dragging(plain), tasks: await tasks() };
  say('toys');
  const withPytorch = hasPytorch();
  const [tf, tfGpu, page, pageGpu] = [await tensorflow(plain), await tensorflow(software), await ours(plain, 'cpu'), await ours(software, 'gpu')];
  const skips = ({ gamma }) => gamma > 0;
  let about = null;
  const torch = (toy) => {
    const { about: version, rates } = pytorch([toy]);
    about = version;
    return rates[toy.name];
  };
  const toys = await toyRates([
    { name: 'sparring, page, CPU', rate: page },
    { name: 'sparring, page, WebGPU', rate: pageGpu },
    { name: 'sparring, native', rate: nativeToy },
    ...['wasm', 'cpu', 'webgl'].map((backend) => ({ name: `TensorFlow.js ${backend}`, rate: (toy) => tf(backend, toy), skips })),
    { name: 'TensorFlow.js webgpu', rate: (toy) => tfGpu('webgpu', toy), skips },
    ...(withPytorch ? [{ name: 'PyTorch', rate: torch }] : []),
  ]);
  say('growth');
  const grown = growth();
  say('images');
  const pixels = images(withPytorch);
  const machine = `${cpus().length} cores of ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`;
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine, toys, pytorch: about, visit, growth: grown, images: pixels };
}

/** Between the two marks of docs/benchmarks.md. */
function publish(text) {
  const file = join(root, 'docs/benchmarks.md');
  const [begin, end] = ['<!-- speed -->', '<!-- /speed -->'];
  const [before, rest] = readFileSync(file, 'utf8').split(begin);
  writeFileSync(file, `${before}${begin}\n\n${text}\n\n${end}${rest.split(end)[1]}`);
}

await main();
