/** The worker: loads one wasm package and pumps it. It knows nothing of GANs. */
import { Loop, describe, macrotask } from './loop';
import type { FromWorker, Package, Pump, Request, ToWorker } from './messages';
import { whyNoWebGpu } from './probe';

interface WasmPackage {
  default(options: { module_or_path: URL | string }): Promise<{ memory: WebAssembly.Memory }>;
  Pump: new () => Pump;
}

// Globs, so that a page built without one of the packages says so instead of failing to build.
const modules = import.meta.glob<WasmPackage>('../generated/wasm/*/sparring.js');
const binaries = import.meta.glob<string>('../generated/wasm/*/sparring_bg.wasm', { query: '?url', import: 'default' });

const scope = self as unknown as {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((message: MessageEvent<ToWorker>) => void) | null;
  engineBytes?: () => number;
};
const post = (message: FromWorker, transfer: Transferable[] = []) => scope.postMessage(message, transfer);

let loop: Loop | null = null;
const early: Request[] = [];
let lastComplaint = '';

scope.onmessage = ({ data }) => {
  if ('load' in data) load(data.load).catch((error: unknown) => post({ crashed: describe(error) }));
  else if (loop) loop.push(data);
  else early.push(data);
};

async function load(name: Package): Promise<void> {
  if (name === 'webgpu') {
    const why = await whyNoWebGpu(navigator);
    if (why) return post({ crashed: why });
  }
  const module = modules[`../generated/wasm/${name}/sparring.js`];
  const binary = binaries[`../generated/wasm/${name}/sparring_bg.wasm`];
  if (!module || !binary) return post({ crashed: `this page was built without the ${name} engine` });
  const [{ default: init, Pump }, module_or_path] = await Promise.all([module(), binary()]);
  // What tests and benchmarks ask for: bytes of the engine's memory, which only grows.
  const { memory } = await init({ module_or_path });
  scope.engineBytes = () => memory.buffer.byteLength;
  loop = new Loop(new Pump(), post, macrotask());
  post({ ready: name });
  for (const request of early.splice(0)) loop.push(request);
}

// A panic inside a future surfaces as an uncaught `unreachable` while the promise never settles; what it says went to console.error before.
const complain = console.error.bind(console);
console.error = (...words: unknown[]) => {
  lastComplaint = words.map(String).join(' ').split('\n')[0] ?? '';
  complain(...words);
};

function fatal(error: unknown): void {
  const reason = lastComplaint || describe(error);
  if (loop) loop.crash(reason);
  else post({ crashed: reason });
}
self.addEventListener('error', (event) => {
  event.preventDefault();
  fatal(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => fatal(event.reason));
