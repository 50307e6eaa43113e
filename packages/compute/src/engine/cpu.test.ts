/** The CPU engine: the table of cases on every instruction set of this machine, and what the table cannot ask. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { rollingOracle } from '../../test/oracle/rolling.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { gaussian, uniform } from '../../test/series/random.ts';
import type { Columns, InformationRequest, NeighbourRule, Reals, RollingKind, RollingRequest } from './contract.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine, isas } from './cpu.testing.ts';
import { runEngineCases } from './engine.cases.vitest.ts';
import type { NativeEngine } from './native.ts';

const engine = cpuEngine();
const { available, whyNot } = engine.info();
const windowKinds = ['mean', 'std', 'min', 'max', 'wma'] as const satisfies readonly RollingKind[];

describe.skipIf(available)('without the addon', () => {
  it('the CPU engine is there and says why it is not available', () => {
    expect(whyNot).toMatch(/corrente_cpu\.node/);
  });
});

describe.skipIf(!available)('the CPU engine', () => {
  // Vitest reads a skipped group all the same.
  const engines = (available ? isas : []).map((isa) => ({ isa, engine: freshCpuEngine({ isa, threads: 2 }) }));
  const usable = engines.filter((one) => one.engine.info().available);

  for (const one of usable) runEngineCases(`cpu on ${one.isa}`, one.engine);

  it('runs the instruction set that it is told to, and else the best this processor has', () => {
    for (const one of usable) expect(one.engine.info().device).toContain(`, ${one.isa}, 2 threads`);
    expect(usable.map(({ isa }) => isa)).toContain('baseline');
    if (process.env['CORRENTE_CPU_ISA'] === undefined) expect(engine.info().device).toContain(`, ${usable[0]?.isa}, `);
  });

  it('is not available where it is told to run an instruction set that does not exist', async () => {
    const none = freshCpuEngine({ isa: 'avx9000', threads: 2 });
    expect(none.info()).toMatchObject({ available: false, whyNot: `CORRENTE_CPU_ISA is "avx9000", expected one of ${isas.join(', ')}` });
    await expect(none.rolling(gaussianColumns(1, 9), [{ kind: 'mean', window: 2, ddof: 0 }], { precision: 'f64' })).rejects.toThrow(/avx9000/);
  });

  for (const precision of ['f64', 'f32'] as const) {
    it(`gives the same bits on 1, 2 and 3 threads (${precision})`, async () => {
      const columns = gaussianColumns(130, 700, { seed: 81 });
      const gappy = gaussianColumns(60, 5000, { seed: 82, missing: 0.05 });
      const long = gaussianColumns(1, 1_100_000, { seed: 83, missing: 0.00001 });
      const requests: RollingRequest[] = [...windowKinds, 'ema' as const].flatMap((kind) => [9, 50, 700].map((window) => ({ kind, window, ddof: 1 })));
      let first: Reals[] | null = null;
      for (const threads of [1, 2, 3]) {
        const one = freshCpuEngine({ threads });
        expect(one.info().threads).toBe(threads);
        const all = [await matrix(one, columns, precision), await matrix(one, gappy, precision), ...(await one.rolling(gappy, requests, { precision })), ...(await one.rolling(long, requests, { precision }))];
        first ??= all;
        for (const [i, values] of all.entries()) assertBitwise(values, first[i], `result ${i} on ${threads} threads`);
      }
    });
  }

  it('is right on either side of the places where a long series is cut', async () => {
    const length = 100_000;
    const cut = 32_768;
    const values = Float64Array.from({ length }, (_, t) => (uniform(84, t) < 0.00003 ? Number.NaN : 100 + gaussian(85, t)));
    for (const window of [3, 16, 17, 50, 1000, 20_000, 40_000, 70_000]) {
      const requests = windowKinds.map((kind) => ({ kind, window, ddof: 1 }));
      const blocks = await engine.rolling(columnsOf([values]), requests, { precision: 'f64' });
      const places = [window - 1, window, cut - 1, cut, cut + 1, 2 * cut - 1, 2 * cut, cut + window - 1, 2 * window - 1, 2 * window, length - 2, length - 1];
      for (const [i, request] of requests.entries()) {
        for (const t of new Set(places.filter((place) => place >= window - 1 && place < length))) {
          const { expected, scale } = rollingOracle(values.subarray(t - window + 1, t + 1), request);
          assertClose(blocks[i]?.subarray(t, t + 1) ?? [], expected.subarray(window - 1), { tolerance: () => 1e-12 * (scale[window - 1] ?? 0), place: () => `${request.kind} of ${window} at row ${t}` });
        }
      }
    }
  });

  it('runs an exponential average over a million rows as its recursion does', async () => {
    const values = Float64Array.from({ length: 1_200_000 }, (_, t) => (uniform(86, t) < 0.001 ? Number.NaN : 1000 + gaussian(87, t)));
    for (const window of [1, 2, 20, 100_000]) {
      const [block] = await engine.rolling(columnsOf([values]), [{ kind: 'ema', window, ddof: 0 }], { precision: 'f64' });
      assertClose(block ?? [], recursion(values, window), { tolerance: () => 1e-12 * 1010, place: (t) => `ema of ${window} at row ${t}` });
    }
  });

  it('is right in a block where some series have gaps and some have none, tile by tile', async () => {
    const count = 150;
    const gappy = gaussianColumns(count, 200, { seed: 88, missing: 0.1 });
    const whole = gaussianColumns(count, 200, { seed: 88 });
    const mixed = columnsOf(Array.from({ length: count }, (_, s) => seriesOf(s % 4 === 1 ? gappy : whole, s)));
    const [r, ofWhole, ofGappy] = [await matrix(engine, mixed), await matrix(engine, whole), await matrix(engine, gappy)];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        if (a % 4 === 1 && b % 4 === 1) expect(r[a * count + b]).toBe(ofGappy[a * count + b]);
        if (a % 4 !== 1 && b % 4 !== 1) expect(r[a * count + b]).toBe(ofWhole[a * count + b]);
      }
    }
    const session = await engine.openCorrelation(mixed, { method: 'pearson', ddof: 0 }, { precision: 'f64' });
    const tile = await session.tile(37, 120, 90, 131, { precision: 'f64' });
    session.close();
    assertSameBits(tile.r, Array.from({ length: 83 * 41 }, (_, at) => r[(37 + Math.floor(at / 41)) * count + 90 + (at % 41)] ?? 0), (at) => `value ${at} of the tile`);
  });

  it('gives the same bits of information on every number of threads and every instruction set', async () => {
    const [x, y, z] = [gaussianColumns(2, 700, { seed: 93 }), gaussianColumns(1, 700, { seed: 94 }), gaussianColumns(2, 700, { seed: 95 })];
    const first = { ...x, series: 1 };
    const stream = [5, 6, 7, 8] as const;
    const requests: InformationRequest[] = [first, x].map((source) => ({ source, surrogates: 20, permute: { stream } }));
    const rules: NeighbourRule[] = [
      { estimator: 'ksg1', neighbours: 4, theiler: 0 },
      { estimator: 'ksg2', neighbours: 3, theiler: 2 },
      { estimator: 'kernel', width: 0.4, theiler: 1 },
    ];
    for (const rule of rules) {
      for (const condition of [z, { ...z, series: 0 }]) {
        let expected: Float64Array[] | null = null;
        for (const one of [...usable.map((isa) => isa.engine), freshCpuEngine({ threads: 1 }), freshCpuEngine({ threads: 3 })]) {
          const session = await one.openInformation(y, condition, rule, { precision: 'f64' });
          const values = await session.estimate(requests, { precision: 'f64' });
          session.close();
          expected ??= values;
          for (const [i, block] of values.entries()) assertSameBits(block, expected[i] ?? [], (at) => `${rule.estimator} of request ${i}, value ${at}, on ${one.info().device}`);
        }
      }
    }
  });

  it('leaves the event loop free while it works', async () => {
    const columns = gaussianColumns(300, 2000, { seed: 89 });
    let turns = 0;
    let working = true;
    const turn = (): void => {
      if (!working) return;
      turns++;
      setImmediate(turn);
    };
    setImmediate(turn);
    await matrix(engine, columns);
    working = false;
    expect(turns).toBeGreaterThan(1);
  });

  it('works through what is asked at once, and a cancelled one does not stop the others', async () => {
    const columns = gaussianColumns(40, 3000, { seed: 90 });
    const controller = new AbortController();
    const request: RollingRequest = { kind: 'mean', window: 30, ddof: 0 };
    const work = Array.from({ length: 20 }, (_, i) => engine.rolling(columns, [request], { precision: 'f64', ...(i === 7 ? { signal: controller.signal } : {}) }));
    controller.abort();
    const ends = await Promise.allSettled(work);
    expect(ends.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, (_, i) => (i === 7 ? 'rejected' : 'fulfilled')));
  });

  it('reports that all is done at the end, and rejects with what onProgress throws', async () => {
    const columns = gaussianColumns(4, 50);
    const seen: number[] = [];
    await engine.rolling(columns, [{ kind: 'mean', window: 5, ddof: 0 }], { precision: 'f64', onProgress: (fraction) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    await expect(engine.rolling(columns, [{ kind: 'mean', window: 5, ddof: 0 }], { precision: 'f64', onProgress: throwsInProgress })).rejects.toThrow('thrown by onProgress');
  });

  it('refuses columns that do not fit into their values, and a tile of a closed session', async () => {
    const short: Columns = { values: new Float64Array(99), series: 10, length: 10, stride: 10 };
    await expect(engine.rolling(short, [{ kind: 'mean', window: 2, ddof: 0 }], { precision: 'f64' })).rejects.toThrow(/10 series of length 10 and stride 10 do not fit into 99 values/);
    const session = await engine.openCorrelation(gaussianColumns(3, 9), { method: 'pearson', ddof: 0 }, { precision: 'f64' });
    session.close();
    await expect(session.tile(0, 3, 0, 3, { precision: 'f64' })).rejects.toThrow(/closed/);
  });
});

describe.skipIf(!available)("the CPU engine's memory", () => {
  it('is given back once: the buffer is detached, and unknown buffers are left alone', () => {
    const buffer = engine.allocate(100_000);
    expect(buffer.byteLength).toBe(100_000);
    expect(engine.release(buffer)).toBe(true);
    expect(buffer.detached).toBe(true);
    expect(engine.release(buffer)).toBe(false);
    const foreign = new ArrayBuffer(8);
    expect(engine.release(foreign)).toBe(false);
    expect(foreign.detached).toBe(false);
  });

  it('is not given back while a session reads it', async () => {
    const buffer = engine.allocate(8 * 3 * 50);
    const values = new Float64Array(buffer);
    for (let i = 0; i < values.length; i++) values[i] = gaussian(91, i);
    const session = await engine.openCorrelation({ values, series: 3, length: 50, stride: 50 }, { method: 'pearson', ddof: 0 }, { precision: 'f64' });
    expect(() => engine.release(buffer)).toThrow(/still reads/);
    session.close();
    expect(engine.release(buffer)).toBe(true);
  });

  it('is refused with memory-exceeded where the system has none', () => {
    expect(() => engine.allocate(2 ** 52)).toThrow(expect.objectContaining({ code: 'memory-exceeded' }));
  });

  it('serves result after result without growing, when each is given back', async () => {
    const columns = gaussianColumns(1, 500_000, { seed: 92 });
    const once = async (): Promise<void> => {
      const [block] = await engine.rolling(columns, [{ kind: 'max', window: 40, ddof: 0 }], { precision: 'f64' });
      expect(block !== undefined && engine.release(block.buffer)).toBe(true);
    };
    for (let i = 0; i < 5; i++) await once();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 100; i++) await once();
    // Without the pool, 100 results of 4 MB would be there.
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });

  it('is collected where nobody gives it back', () => {
    const script = `
      import { cpuEngine } from '${import.meta.resolve('./cpu.ts')}';
      const values = new Float64Array(500_000).fill(1);
      for (let i = 0; i < 1000; i++) await cpuEngine().rolling({ values, series: 1, length: values.length, stride: values.length }, [{ kind: 'mean', window: 40, ddof: 0 }], { precision: 'f64' });
      console.log(process.memoryUsage.rss());`;
    const child = run(script);
    expect(child.status).toBe(0);
    // Results of 4 GB in all.
    expect(Number(child.stdout)).toBeLessThan(1.5e9);
  });
});

describe.skipIf(!available)('a process or thread that ends while the CPU engine works', () => {
  const work = `
    import { cpuEngine } from '${import.meta.resolve('./cpu.ts')}';
    const values = Float64Array.from({ length: 600 * 4000 }, (_, i) => Math.sin(i * i));
    const session = await cpuEngine().openCorrelation({ values, series: 600, length: 4000, stride: 4000 }, { method: 'pearson', ddof: 0 }, { precision: 'f64' });
    const tiles = Array.from({ length: 20 }, () => session.tile(0, 600, 0, 600, { precision: 'f64' }));
    for (const tile of tiles) tile.catch(() => {});`;

  it('ends without a crash', () => {
    const child = run(`${work}\nsetTimeout(() => process.exit(7), 5);`);
    expect([child.status, child.signal, child.stderr]).toEqual([7, null, '']);
  });

  it('leaves the process alive when it was a worker thread, and the engine usable', () => {
    const child = run(`
      import { Worker } from 'node:worker_threads';
      const worker = new Worker(${JSON.stringify(`${work}\nsetTimeout(() => process.exit(0), 5);`.replace("import { cpuEngine } from '", "const { cpuEngine } = await import('").replace("cpu.ts';", "cpu.ts');"))}, { eval: true });
      await new Promise((resolve) => worker.on('exit', resolve));
      const { cpuEngine } = await import('${import.meta.resolve('./cpu.ts')}');
      const [block] = await cpuEngine().rolling({ values: Float64Array.of(1, 2, 3), series: 1, length: 3, stride: 3 }, [{ kind: 'mean', window: 2, ddof: 0 }], { precision: 'f64' });
      console.log(block.join());`);
    expect([child.stdout.trim(), child.status, child.signal]).toEqual(['NaN,1.5,2.5', 0, null]);
  });
});

function run(script: string): { status: number | null; signal: string | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
}

async function matrix(one: NativeEngine, columns: Columns, precision: 'f64' | 'f32' = 'f64'): Promise<Reals> {
  const session = await one.openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision });
  try {
    return (await session.tile(0, columns.series, 0, columns.series, { precision })).r;
  } finally {
    session.close();
  }
}

function throwsInProgress(): never {
  throw new CorrenteError('not-found', 'thrown by onProgress');
}

const bytesOf = (values: Reals): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** Byte for byte, NaN included. */
function assertBitwise(got: Reals, expected: Reals | undefined, name: string): void {
  if (expected === undefined || Buffer.compare(bytesOf(got), bytesOf(expected)) !== 0) throw new Error(`${name} differs from that on 1 thread`);
}

function recursion(values: Float64Array, window: number): Float64Array {
  const alpha = 2 / (window + 1);
  let present = 0;
  let average = 0;
  return values.map((value) => {
    if (Number.isNaN(value)) return Number.NaN;
    present++;
    average = present <= window ? average + (value - average) / present : (1 - alpha) * average + alpha * value;
    return present < window ? Number.NaN : average;
  });
}
