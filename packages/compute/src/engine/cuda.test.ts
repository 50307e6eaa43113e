/**
 * The CUDA engine without a GPU: its own sources, with the device emulated on the CPU (native/kernels/cuda/emulated),
 * which runs what nothing orders in an order drawn from a seed. On a machine with a GPU, test/gpu/run is the test.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { indicatorCatalogue } from '@corrente/shared/contract/indicators/catalogue';
import { describe, expect, it } from 'vitest';
import { informationSeamCases } from '../../../../test/gpu/information.cases.ts';
import { seamCases } from '../../../../test/gpu/seam.cases.ts';
import { trainerSeamCases } from '../../../../test/gpu/trainer.cases.ts';
import { gaussianColumns } from '../../test/series/columns.ts';
import { dependentSpaces } from '../../test/series/information.ts';
import type { Reals, RollingRequest } from './contract.ts';
import { cudaEngine } from './cuda.ts';
import type { EngineCase } from './engine.cases.ts';
import { engineCases } from './engine.cases.ts';
import { epochRequest, originsOf, problemOf, withOutputs, withTrainer } from './engine.cases.trainer-models.ts';
import { loadNative, NativeEngine } from './native.ts';

const native = join(import.meta.dirname, '..', '..', 'native');
const run = promisify(execFile);

async function emulatedEngine(seed: string): Promise<NativeEngine> {
  await run('make', ['-j2', '-f', 'kernels/cuda/emulated/Makefile'], { cwd: native, maxBuffer: 2 ** 26 });
  process.env['CORRENTE_EMULATED_SEED'] = seed;
  const before = process.env['CORRENTE_NATIVE_DIR'];
  process.env['CORRENTE_NATIVE_DIR'] = join(native, 'build', 'emulated', 'addon');
  try {
    return new NativeEngine('cuda', loadNative('corrente_cuda.node'));
  } finally {
    if (before === undefined) delete process.env['CORRENTE_NATIVE_DIR'];
    else process.env['CORRENTE_NATIVE_DIR'] = before;
  }
}

const engine = await emulatedEngine('7');

/** Sets an environment variable that the addon reads, for as long as the work takes. */
async function withVariable<T>(name: string, value: string, work: () => Promise<T>): Promise<T> {
  process.env[name] = value;
  try {
    return await work();
  } finally {
    delete process.env[name];
  }
}

function reasonToSkip({ name, skip }: EngineCase): string | null {
  if (/(tile|estimate).* aborted in its midst/.test(name)) return 'the emulated device needs longer than a second for one launch';
  if (name.includes(' 3000 points')) return 'the emulated device is slow, and 1500 points meet the same seams';
  if (/(1025 points.*|2000 points.*|portable engine) \(f32\)$/.test(name)) return 'the emulated device is slow, and float64 runs the same kernels at this size';
  if (/^(kendall|distance): .*\(f32\)$/.test(name)) return 'the emulated device is slow, and both precisions run the same kernels in float64 up to their last line';
  return skip?.(engine) ?? null;
}

describe('cuda, the device emulated', () => {
  for (const one of engineCases) {
    it(one.name, { timeout: 60_000 }, async (context) => {
      const reason = reasonToSkip(one);
      context.skip(reason !== null, reason ?? undefined);
      await one.run(engine);
    });
  }

  for (const { name, run: runCase } of [...seamCases({ rows: 1000, series: 300, values: 20_000 }), ...informationSeamCases({ points: 400, ordered: 200 }), ...trainerSeamCases({ units: 270, dense: 70, origins: 60 })]) {
    it(name, { timeout: 60_000 }, () => runCase(engine));
  }

  it('ends a tile that is cancelled on its way, and the session lives on', { timeout: 60_000 }, async () => {
    const session = await engine.openCorrelation(gaussianColumns(400, 600, { seed: 91 }), { method: 'pearson', ddof: 0 }, { precision: 'f64' });
    const controller = new AbortController();
    const tile = session.tile(0, 400, 0, 400, { precision: 'f64', signal: controller.signal, onProgress: () => controller.abort() });
    await expect(tile).rejects.toMatchObject({ code: 'cancelled' });
    const { r } = await session.tile(5, 6, 5, 6, { precision: 'f64' });
    expect([...r]).toEqual([1]);
    session.close();
  });

  it('ends an estimate that is cancelled on its way, and the session lives on', { timeout: 60_000 }, async () => {
    const { x, y, z } = dependentSpaces([1, 1, 2], 300, { seed: 93 });
    const session = await engine.openInformation(y, z, { estimator: 'ksg1', neighbours: 4, theiler: 0 }, { precision: 'f64' });
    const request = { source: x, surrogates: 100, permute: { stream: [1, 2, 3, 4] } } as const;
    const controller = new AbortController();
    const estimate = session.estimate([request], { precision: 'f64', signal: controller.signal, onProgress: () => controller.abort() });
    await expect(estimate).rejects.toMatchObject({ code: 'cancelled' });
    const [[alone], [again]] = await Promise.all([session.estimate([{ ...request, surrogates: 3 }], { precision: 'f64' }), session.estimate([request], { precision: 'f64' })]);
    expect(again?.subarray(0, 4)).toEqual(alone);
    session.close();
  });

  it('trains by graphs of launches and by launches alone, as a trace needs them, with the same bits', { timeout: 60_000 }, async () => {
    const shape = { steps: 4, features: 2, targets: 1, groups: 1, horizon: 1, length: 45 };
    const problem = problemOf(withOutputs([{ kind: 'gru', units: 3, sequences: true }, { kind: 'dropout', rate: 0.2 }, { kind: 'last' }], shape), shape);
    const train = (): Promise<Reals> =>
      withTrainer(engine, problem, 'f64', async (session) => {
        await session.epoch(epochRequest(originsOf(problem)), { precision: 'f64' });
        return session.state();
      });
    const folder = mkdtempSync(join(tmpdir(), 'corrente-trace-'));
    try {
      const file = join(folder, 'kernels.jsonl');
      expect(await withVariable('CORRENTE_CUDA_TRACE', file, train)).toEqual(await train());
      expect(readFileSync(file, 'utf8')).toContain('gru, backward');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says how much device memory was needed where there is too little', async () => {
    const work = withVariable('CORRENTE_EMULATED_MEMORY', '1000', () => engine.rolling(gaussianColumns(1, 3_000_000), [{ kind: 'mean', window: 5, ddof: 0 }], { precision: 'f64' }));
    await expect(work).rejects.toSatisfy((error) => error instanceof CorrenteError && error.code === 'memory-exceeded' && /\d+ bytes free, 24000000 were needed/.test(error.message));
  });

  it('rolls over series that the device holds only a few of at a time, many requests at once', { timeout: 60_000 }, async () => {
    const columns = gaussianColumns(30, 5000, { seed: 92 });
    const requests = [3, 40, 900].flatMap((window) => (['mean', 'ema', 'max'] as const).map((kind) => ({ kind, window, ddof: 0 })));
    const whole = await engine.rolling(columns, requests, { precision: 'f64' });
    const parts = await withVariable('CORRENTE_CUDA_MEMORY_BYTES', '400000', () => engine.rolling(columns, requests, { precision: 'f64' }));
    expect(parts).toEqual(whole);
  });

  it('rolls over stretches of a long series, and over the whole of it beside a window too long for them, with the same bits', { timeout: 60_000 }, async () => {
    const columns = gaussianColumns(2, 5000, { seed: 95, missing: 0.01 });
    const window = 300;
    const requests: RollingRequest[] = [
      ...(['sum', 'var', 'zscore', 'skew', 'kurtosis', 'median', 'rank', 'ewm-mean', 'ewm-std'] as const).map((kind) => ({ kind, window, ddof: 1 })),
      ...(['sum', 'std', 'skew', 'median', 'rank'] as const).map((kind) => ({ kind, window, ddof: 1, minPeriods: 7 })),
      { kind: 'autocorrelation', window, ddof: 0, parameter: 200 },
      { kind: 'weighted', window, ddof: 0, weights: Float64Array.from({ length: window }, (_, i) => i / window) },
    ];
    const stretches = await engine.rolling(columns, requests, { precision: 'f64' });
    const whole = await engine.rolling(columns, [...requests, { kind: 'max', window: 3000, ddof: 0 }], { precision: 'f64' });
    expect(whole.slice(0, requests.length)).toEqual(stretches);
    expect(stretches.every((block) => block.some((value) => !Number.isNaN(value)))).toBe(true);
  });

  it('ends an order statistic of long windows that is cancelled on its way', { timeout: 60_000 }, async () => {
    const work = engine.rolling(gaussianColumns(1, 60_000, { seed: 96 }), [{ kind: 'median', window: 30_000, ddof: 0 }], { precision: 'f64', signal: AbortSignal.timeout(50) });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });

  for (const missing of [0, 0.1]) {
    it(`correlates series that the device holds only a part of at a time, missing ${missing}`, { timeout: 60_000 }, async () => {
      const columns = gaussianColumns(300, 40, { seed: 97, missing });
      const options = { precision: 'f64' } as const;
      const work = async (): Promise<unknown[]> => {
        const ranks = await engine.openCorrelation(columns, { method: 'spearman', ddof: 0 }, options);
        const results = [await ranks.tile(120, 300, 0, 30, options), await ranks.strongest(0, 30, 100, 300, { minAbs: 0, minPeriods: 2, top: 50 }, options)];
        ranks.close();
        return results;
      };
      const inOrder = async (): Promise<unknown[]> => {
        const lags = await engine.openLeadLag(columns, { maxLag: 3, minPeriods: 2 }, options);
        const windows = await engine.openRollingCorrelation(columns, { window: 10, alpha: null, step: 3, minPeriods: 2 }, options);
        const results = [await lags.tile(0, 60, 40, 100, options), await lags.profile(3, 250, options), await windows.tile(0, 60, 40, 100, options)];
        lags.close();
        windows.close();
        return results;
      };
      expect(await withVariable('CORRENTE_CUDA_MEMORY_BYTES', '450000', work)).toEqual(await work());
      expect(await withVariable('CORRENTE_CUDA_MEMORY_BYTES', '60000', inOrder)).toEqual(await inOrder());
    });
  }

  it('takes indicators up where a stretch of rows ended', { timeout: 60_000 }, async () => {
    const fields = ['value', 'open', 'high', 'low', 'close', 'volume'];
    const blocks = fields.map((_, field) => gaussianColumns(2, 1500, { seed: 94 + field, missing: 0.01 }));
    const requests = indicatorCatalogue.map(({ name, parameters, inputs }) => ({ name, parameters: parameters.map((one) => one.default), inputs: inputs.map((input) => fields.indexOf(input)) }));
    const whole = await engine.indicators(blocks, requests, { precision: 'f64' });
    const parts = await withVariable('CORRENTE_CUDA_MEMORY_BYTES', '100000', () => engine.indicators(blocks, requests, { precision: 'f64' }));
    expect(parts).toEqual(whole);
  });

  it('is available with a device, and says so when the driver lists none', async () => {
    expect(engine.info()).toMatchObject({ name: 'cuda', available: true, whyNot: null, precisions: ['f64', 'f32'] });
    const info = await withVariable('CORRENTE_EMULATED_DEVICES', '0', () => Promise.resolve(engine.info()));
    expect(info).toMatchObject({ available: false, whyNot: 'the NVIDIA driver lists no device', memoryBytes: null });
  });
});

describe('cudaEngine', () => {
  it('loads harmlessly, and is available or says why not', () => {
    const { available, whyNot } = cudaEngine().info();
    expect(available ? whyNot === null : typeof whyNot === 'string' && whyNot.length > 0).toBe(true);
  });

  it('rejects with engine-unavailable where its addon is missing', async () => {
    const absent = new NativeEngine('cuda', loadNative('no-such-addon.node'));
    expect(absent.info().available).toBe(false);
    await expect(absent.rolling(gaussianColumns(1, 9), [], { precision: 'f64' })).rejects.toMatchObject({ code: 'engine-unavailable' });
  });
});
