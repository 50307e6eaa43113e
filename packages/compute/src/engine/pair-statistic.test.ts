/** Kendall's tau and distance correlation of the CPU engine: what the table of cases is too small for. */
import { describe, expect, it } from 'vitest';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { distanceOracle } from '../../test/oracle/distance.ts';
import { askPython, hasPython } from '../../test/python.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { gaussians, uniform, withMissing } from '../../test/series/random.ts';
import type { Columns, CorrelationMethod, Engine } from './contract.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine, isas } from './cpu.testing.ts';

const engine = cpuEngine();
const available = engine.info().available;

async function matrix(one: Engine, columns: Columns, method: CorrelationMethod): Promise<Float64Array> {
  const session = await one.openCorrelation(columns, { method, ddof: 0 }, { precision: 'f64' });
  try {
    return Float64Array.from((await session.tile(0, columns.series, 0, columns.series, { precision: 'f64' })).r);
  } finally {
    session.close();
  }
}

/** Integers, so that Python reads the very numbers. */
function integers(series: number, length: number, range: number, missing: number): Columns {
  return columnsOf(Array.from({ length: series }, (_, s) => Float64Array.from({ length }, (_unused, t) => (uniform(900 + s, t) < missing ? Number.NaN : Math.floor(range * (0.3 * uniform(899, t) + 0.7 * uniform(800 + s, t)))))));
}

const scipy = `
from scipy.stats import kendalltau
def tau(a, b):
    common = ~(np.isnan(a) | np.isnan(b))
    return kendalltau(a[common], b[common]).statistic
series = [np.array([np.nan if v is None else v for v in one]) for one in data]
result = [tau(a, b) for a in series for b in series]`;

describe.skipIf(!available || !hasPython('scipy.stats'))("Kendall's tau beside that of scipy", () => {
  const blocks: ReadonlyArray<readonly [name: string, columns: () => Columns]> = [
    ['12 series without ties', () => integers(12, 700, 2 ** 50, 0)],
    ['12 series of few values', () => integers(12, 700, 6, 0)],
    ['12 series of few values with gaps', () => integers(12, 700, 40, 0.2)],
    ['2 series of 60,000 rows', () => integers(2, 60_000, 5000, 0.01)],
    ['3 series of 60,000 rows without ties or gaps', () => integers(3, 60_000, 2 ** 50, 0)],
  ];
  for (const [name, make] of blocks) {
    it(`is the same for ${name}`, async () => {
      const columns = make();
      const answer = askPython(scipy, Array.from({ length: columns.series }, (_, s) => Array.from(seriesOf(columns, s), (v) => (Number.isNaN(v) ? null : v))));
      if (!Array.isArray(answer)) throw new Error(`scipy answered ${typeof answer}, expected a list`);
      const expected = answer.map((value: unknown) => (typeof value === 'number' ? value : Number.NaN));
      assertClose(await matrix(engine, columns, 'kendall'), expected, { tolerance: () => 1e-14, place: (at) => `pair ${at}` });
    });
  }
});

describe.skipIf(!available)('distance correlation', () => {
  it('is that of the doubly centred matrices, dependent or not', async () => {
    const noise = gaussians(61, 300);
    const series = [noise, gaussians(62, 300), noise.map((v) => v * v), noise.map((v, t) => Math.sin(3 * v) + 0.2 * uniform(63, t)), withMissing(noise.map((v) => 1e6 - v), 0.1, 64), Float64Array.from(noise, (v) => (v > 2 ? 1e6 * v : v))];
    const r = await matrix(engine, columnsOf(series), 'distance');
    const expected = series.flatMap((a) => series.map((b) => distanceOracle(a, b).r));
    assertClose(r, expected, { tolerance: () => 1e-10, place: (at) => `pair ${at}` });
  });

  it('keeps its digits over 1,500 rows that know nothing of each other', async () => {
    const [a, b] = [gaussians(69, 1500), gaussians(70, 1500)];
    const r = await matrix(engine, columnsOf([a, b]), 'distance');
    assertClose([r[1] ?? 0], [distanceOracle(a, b).r], { tolerance: () => 1e-10, place: () => 'the pair' });
  });

  it('is 1 of a series with itself turned and stretched, over 100,000 rows', async () => {
    const x = gaussians(65, 100_000);
    const r = await matrix(engine, columnsOf([x, x.map((v) => 7 - 3 * v)]), 'distance');
    expect(r[1]).toBeCloseTo(1, 12);
  });
});

describe.skipIf(!available)('Kendall and distance correlation', () => {
  it('give the same bits on every number of threads and every instruction set', async () => {
    const engines = [...isas.map((isa) => freshCpuEngine({ isa, threads: 2 })).filter((one) => one.info().available), freshCpuEngine({ threads: 1 }), freshCpuEngine({ threads: 3 })];
    for (const method of ['kendall', 'distance'] as const) {
      for (const columns of [gaussianColumns(70, 200, { seed: 66 }), gaussianColumns(40, 300, { seed: 67, missing: 0.1 })]) {
        let first: Float64Array | null = null;
        for (const one of engines) {
          const r = await matrix(one, columns, method);
          first ??= r;
          assertSameBits(r, first, (at) => `${method} ${at} on ${one.info().device}`);
        }
      }
    }
  });

  it.each(['kendall', 'distance'] as const)('%s is cancelled, and tells how far it is', async (method) => {
    const columns = gaussianColumns(300, 1500, { seed: 68 });
    const session = await engine.openCorrelation(columns, { method, ddof: 0 }, { precision: 'f64' });
    const controller = new AbortController();
    await expect(
      session.tile(0, 300, 0, 300, {
        precision: 'f64',
        signal: controller.signal,
        onProgress: (fraction) => {
          if (fraction > 0) controller.abort();
        },
      }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    const seen: number[] = [];
    await session.tile(0, 40, 0, 40, { precision: 'f64', onProgress: (fraction) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    session.close();
  });
});
