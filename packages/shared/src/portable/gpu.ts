/**
 * gpu.js, loaded when first needed: it brings a WebGPU binding along, and most runs never ask for float32. Its kernels
 * are given as text, since gpu.js compiles their source, and bundlers rewrite functions.
 */
import type { GPU, GPUVariableType, IKernelRunShortcut } from 'gpu.js';
import { CorrenteError } from '../contract/errors.ts';

/** A kernel with the types of its arguments, in their order. */
export interface KernelSource {
  readonly source: string;
  readonly argumentTypes: Readonly<Record<string, GPUVariableType>>;
}

export type KernelArgument = Float32Array | number;

export interface Gpu {
  /** The backend in words: WebGPU, WebGL, WebAssembly or JavaScript. */
  readonly backend: string;
  /** Whether kernels run on a graphics device, where large calls pay. */
  readonly device: boolean;
  /** Runs the kernel for each place of `output`, [width] or [width, height]; the rows of the result. */
  run(kernel: KernelSource, output: readonly number[], args: readonly KernelArgument[]): Promise<Float32Array[]>;
}

/** WebGPU where an adapter answers, then gpu.js's own order: WebGL, WebAssembly; JavaScript where there is none. */
export async function openGpu(): Promise<Gpu> {
  const constructor = await loadGpu();
  if (await constructor.isWebGPUAvailable()) return new LoadedGpu(new constructor({ mode: 'webgpu' }), 'WebGPU', true);
  if (constructor.isWebGL2Supported || constructor.isHeadlessGLSupported) return new LoadedGpu(new constructor({ mode: 'gpu' }), 'WebGL', true);
  if (constructor.isWebAssemblySupported) return new LoadedGpu(new constructor({ mode: 'webasm' }), 'WebAssembly', false);
  return new LoadedGpu(new constructor({ mode: 'cpu' }), 'JavaScript', false);
}

type GpuConstructor = typeof GPU & { readonly isWebAssemblySupported: boolean };

/** As a module of Node or of a bundler, gpu.js exports the class by name; its browser build is the class. */
async function loadGpu(): Promise<GpuConstructor> {
  const loaded: unknown = await import('gpu.js');
  for (const candidate of [property(loaded, 'GPU'), property(property(loaded, 'default'), 'GPU'), property(loaded, 'default')]) {
    if (isGpuConstructor(candidate)) return candidate;
  }
  throw new CorrenteError('device-error', 'gpu.js: the module holds no class GPU.');
}

function property(value: unknown, name: string): unknown {
  return (typeof value === 'object' || typeof value === 'function') && value !== null ? Reflect.get(value, name) : undefined;
}

const isGpuConstructor = (value: unknown): value is GpuConstructor => typeof value === 'function' && 'isWebGPUAvailable' in value;

class LoadedGpu implements Gpu {
  readonly backend: string;
  readonly device: boolean;
  readonly #gpu: GPU;
  readonly #kernels = new Map<KernelSource, IKernelRunShortcut>();

  constructor(gpu: GPU, backend: string, device: boolean) {
    this.#gpu = gpu;
    this.backend = backend;
    this.device = device;
  }

  async run(kernel: KernelSource, output: readonly number[], args: readonly KernelArgument[]): Promise<Float32Array[]> {
    const compiled = this.#compiled(kernel).setOutput([...output]);
    if (typeof compiled !== 'function') throw new CorrenteError('device-error', 'gpu.js: a kernel lost its call.');
    let result: unknown;
    try {
      // A promise under WebGPU, the values themselves elsewhere, whatever the types say.
      result = await Promise.resolve<unknown>(compiled(...args));
    } catch (error) {
      throw new CorrenteError('device-error', `gpu.js on ${this.backend}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    const rows: readonly unknown[] = Array.isArray(result) ? result : [result];
    return rows.map((row) => {
      if (row instanceof Float32Array) return row;
      throw new CorrenteError('device-error', `gpu.js on ${this.backend}: a kernel gave ${typeof row}, expected float32 values.`);
    });
  }

  #compiled(kernel: KernelSource): IKernelRunShortcut {
    const known = this.#kernels.get(kernel);
    if (known !== undefined) return known;
    const created = this.#gpu.createKernel(kernel.source, {
      precision: 'single',
      tactic: 'precision',
      argumentTypes: { ...kernel.argumentTypes },
      dynamicOutput: true,
      dynamicArguments: true,
      output: [1],
    });
    this.#kernels.set(kernel, created);
    return created;
  }
}
