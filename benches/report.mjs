/** The figures as the section of docs/benchmarks.md. */

const digits = (x) => (x >= 100 ? Math.round(x).toLocaleString('en') : x >= 10 ? x.toFixed(1) : x.toFixed(2));
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const held = ({ longest_ms, longest_worked_ms, over_50_ms }) => `${over_50_ms} tasks over 50 ms, the longest of each ${longest_ms.map(digits).join(', ')} ms, of which at most ${digits(longest_worked_ms)} ms (median) of the processor`;

export function report(rounds, seconds, games, { machine, date, toys, pytorch, visit, memory, growth, images }) {
  const names = [...new Set(Object.values(toys).flatMap((of) => Object.keys(of)))];
  const best = (of) => Math.max(...names.filter((name) => name.startsWith('TensorFlow.js') && !name.endsWith('webgpu')).map((name) => of[name] ?? 0));
  const reference = best(toys.medium);
  const cell = (toy, name) => (toys[toy][name] === undefined ? '' : digits(toys[toy][name]));
  const rows = names.map((name) => [name, ...games.map(({ name: toy }) => cell(toy, name))]);
  const page = 'sparring, page, CPU';
  const ratios = [
    [`page / best TensorFlow.js`, ...games.map(({ name, gamma }) => `${digits(toys[name][page] / (gamma ? reference : best(toys[name])))}x`)],
    ...(pytorch ? [[`native / PyTorch`, ...games.map(({ name }) => `${digits(toys[name]['sparring, native'] / toys[name].PyTorch)}x`)]] : []),
    ...(toys.small['sparring, page, WebGPU'] ? [[`page on WebGPU / TensorFlow.js on WebGPU`, ...games.map(({ name }) => (toys[name]['TensorFlow.js webgpu'] ? `${digits(toys[name]['sparring, page, WebGPU'] / toys[name]['TensorFlow.js webgpu'])}x` : ''))]] : []),
  ];
  const grown = Object.entries(growth).map(([what, points]) => [what, points.map(([at, rate]) => `${at}: ${digits(rate)}`).join(', ')]);
  return `\`./build.sh bench\`, ${date}, ${machine}. Medians of ${rounds} rounds of ${seconds} s in which the subjects take turns.

Steps a second of the toy game, one step being one of D and one of G by Adam; non-saturating loss.

${table(['', ...games.map(({ text }) => text)], rows)}

${table(['ratio', ...games.map(({ text }) => text)], ratios)}

TensorFlow.js has no game with penalties here: the last column compares with its best without them. WebGPU is Chromium's software adapter (SwiftShader). There a step is twelve dispatches, and on the CPU it allocates nothing: tests hold both.
${pytorch ? `PyTorch ${pytorch.version}, eager, ${pytorch.threads} threads; sparring trains a toy on one.` : 'PyTorch was not measured: no Python with `torch` (set PYTHON).'}

Images a second of the \`mnist\` preset natively: ${images.note ?? `${digits(images.sparring)}${images.pytorch ? `; the same networks, batch and penalties in PyTorch: ${digits(images.pytorch)} (ratio ${digits(images.sparring / images.pytorch)})` : ''}`}.

The page: ${digits(visit.bytes / 1000)} kB come over the wire before it trains; first step ${visit.first_step_s.toFixed(2)} s after opening, 8 of 8 modes of \`ring8\` after ${visit.eight_modes_s.toFixed(2)} s (${visit.eight_modes_images.toLocaleString('en')} images), with ▶ pressed at once.
While it trains: ${digits(visit.frames_a_second)} frames a second, new figures ${digits(visit.new_figures_a_second)} times a second, ${visit.long_tasks} tasks of the main thread over 50 ms in 10 s (longest ${digits(visit.longest_task_ms)} ms). A slider of the latent room moves the digit after ${digits(visit.drag_ms)} ms.
From opening the page to ten seconds of training, in five visits: ${held(visit.tasks.first)}; with the files in the browser's cache ${held(visit.tasks.again)} (\`benches/tasks.mjs\`).

The page over 1,000,000 steps of the small game, every 100,000, in MB: JavaScript heap after a collection ${memory.map(([heap]) => heap).join(', ')}; memory of the engine ${memory.map(([, engine]) => engine).join(', ')}; resident memory of the process, which the collector lets rise and fall, ${memory.map(([, , resident]) => Math.round(resident)).join(', ')}.

How a step's cost grows natively (steps a second; RpGAN with R1 and R2, from batch 256 and three layers of 64; by resolution images a second of R3GAN, G of width 16 and D of 8, batch 32):

${table(['changed', 'a second'], grown)}`;
}
