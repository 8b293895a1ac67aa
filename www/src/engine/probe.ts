/** Asks the browser for what the engine needs of WebGPU, before the large package is fetched. Without these wgpu panics later. */

/** Invocations per workgroup that the kernels are compiled for. */
const INVOCATIONS = 256;

/** The part of WebGPU's interface that is read here; TypeScript's DOM library has no WebGPU yet. */
interface Adapter {
  features: ReadonlySet<string>;
  limits: { maxComputeInvocationsPerWorkgroup: number };
}

interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}

/** Why WebGPU cannot be used here, in words, or null where it can. */
export async function whyNoWebGpu(navigator: object): Promise<string | null> {
  const gpu = (navigator as { gpu?: Gpu }).gpu;
  if (!gpu) return 'this browser offers no WebGPU in workers';
  const adapter = await gpu.requestAdapter();
  if (!adapter) return 'this browser found no WebGPU adapter';
  if (!adapter.features.has('timestamp-query')) return 'the WebGPU adapter lacks `timestamp-query`';
  const most = adapter.limits.maxComputeInvocationsPerWorkgroup;
  if (most < INVOCATIONS) return `the WebGPU adapter runs ${most} invocations per workgroup; ${INVOCATIONS} are needed`;
  return null;
}
