import { correlation as contract } from '@corrente/shared/contract/analyses/correlation';
import { describe, expect, it } from 'vitest';
import { assertClose } from '../../../test/oracle/compare.ts';
import { correlationOracle } from '../../../test/oracle/correlation.ts';
import { columnsOf, gaussianColumns } from '../../../test/series/columns.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { correlationP } from '../../statistics/correlation-p.ts';
import { matrixOf, numbers, pairsOf } from './result.testing.ts';

const tolerance = () => contract.tolerance.f64;

describe('correlation as a matrix', () => {
  it.each([
    ['complete series', 0],
    ['missing values', 0.1],
  ])('agrees with the oracle, with %s', async (_, missing) => {
    const columns = gaussianColumns(150, 40, { missing, padding: 5 });
    const frame = frameOf(columns);
    const result = await collect('correlation', frame);
    expect(result.column('matrix', 'series')).toEqual(frame.names);
    assertClose(matrixOf(result, frame.names), correlationOracle(columns).r, { tolerance, place: (k) => `row ${Math.floor(k / 150)}, column ${k % 150}` });
  });

  it('of one series is 1, and of a constant series is missing', async () => {
    const one = await collect('correlation', frameOf(columnsOf([Float64Array.of(1, 2, 4)])));
    expect(one.column('matrix', 's0')).toEqual([1]);
    const withConstant = await collect('correlation', frameOf(columnsOf([Float64Array.of(1, 2, 4), new Float64Array(3).fill(5), new Float64Array(3).fill(Number.NaN)])));
    expect(withConstant.column('matrix', 's0')).toEqual([1, null, null]);
    expect(withConstant.column('matrix', 's1')).toEqual([null, null, null]);
    expect(withConstant.column('matrix', 's2')).toEqual([null, null, null]);
  });

  it('leaves out pairs with fewer common rows than minPeriods', async () => {
    const nan = Number.NaN;
    const frame = frameOf(columnsOf([Float64Array.of(1, 2, 4, 3, nan), Float64Array.of(nan, nan, 1, 3, 2), Float64Array.of(1, 3, 2, 5, 4)]));
    const result = await collect('correlation', frame, { params: { minPeriods: 4 } });
    expect(result.column('matrix', 's0')).toEqual([1, null, expect.any(Number)]);
    expect(result.column('matrix', 's1')).toEqual([null, null, null]);
  });

  it('listwise uses only the rows where every series is present', async () => {
    const nan = Number.NaN;
    const frame = frameOf(columnsOf([Float64Array.of(1, nan, 4, 3, 7, 2), Float64Array.of(2, 5, 1, 3, 2, 8), Float64Array.of(1, 3, 2, nan, 4, 1)], 2));
    const complete = columnsOf([Float64Array.of(1, 4, 7, 2), Float64Array.of(2, 1, 2, 8), Float64Array.of(1, 2, 4, 1)]);
    const result = await collect('correlation', frame, { params: { missing: 'listwise', output: 'both' } });
    assertClose(matrixOf(result, frame.names), correlationOracle(complete).r, { tolerance, place: (k) => `place ${k}` });
    expect(result.column('pairs', 'n')).toEqual([4, 4, 4]);
  });

  it('listwise with no complete row is missing throughout', async () => {
    const nan = Number.NaN;
    const result = await collect('correlation', frameOf(columnsOf([Float64Array.of(1, nan, 3), Float64Array.of(nan, 2, nan)])), { params: { missing: 'listwise' } });
    expect(result.column('matrix', 's0')).toEqual([null, null]);
  });

  it('gives single precision numbers under f32', async () => {
    const columns = gaussianColumns(4, 100);
    const result = await collect('correlation', frameOf(columns), { precision: 'f32', params: { output: 'both' } });
    expect(result.table('matrix').getChild('s1')?.data[0]?.values).toBeInstanceOf(Float32Array);
    assertClose(matrixOf(result, ['s0', 's1', 's2', 's3']), correlationOracle(columns).r, { tolerance: () => contract.tolerance.f32, place: (k) => `place ${k}` });
  });
});

describe('correlation as pairs', () => {
  const columns = gaussianColumns(12, 60, { missing: 0.05 });
  const frame = frameOf(columns);
  const oracle = correlationOracle(columns);

  it('has r, n and p of every pair, in the order of the matrix', async () => {
    const rows = pairsOf(await collect('correlation', frame, { params: { output: 'pairs' } }));
    expect(rows).toHaveLength(66);
    let k = 0;
    for (let i = 0; i < 12; i++) {
      for (let j = i + 1; j < 12; j++) {
        const place = i * 12 + j;
        const row = rows[k++];
        expect(row).toMatchObject({ a: `s${i}`, b: `s${j}`, n: oracle.n[place] });
        expect(Math.abs((row?.r ?? Number.NaN) - (oracle.r[place] ?? 0))).toBeLessThanOrEqual(contract.tolerance.f64);
        expect(row?.p).toBe(correlationP(row?.r ?? Number.NaN, oracle.n[place] ?? 0));
      }
    }
  });

  it('keeps only pairs of at least minAbs', async () => {
    const all = pairsOf(await collect('correlation', frame, { params: { output: 'pairs' } }));
    const some = pairsOf(await collect('correlation', frame, { params: { output: 'pairs', minAbs: 0.4 } }));
    expect(some).toEqual(all.filter((row) => Math.abs(row.r) >= 0.4));
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
  });

  it.each([1, 10, 66, 1000])('top %d are the strongest pairs, strongest first', async (top) => {
    const all = pairsOf(await collect('correlation', frame, { params: { output: 'pairs' } }));
    const strongest = pairsOf(await collect('correlation', frame, { params: { output: 'pairs', top } }));
    expect(strongest).toEqual(all.toSorted((x, y) => Math.abs(y.r) - Math.abs(x.r)).slice(0, top));
  });

  it('among pairs equally strong, top takes them in the order of the matrix', async () => {
    const x = Float64Array.of(1, 2, 4, 3);
    const result = await collect('correlation', frameOf(columnsOf([x, x, x, x])), { params: { output: 'pairs', top: 4 } });
    expect(pairsOf(result).map(({ a, b }) => `${String(a)}-${String(b)}`)).toEqual(['s0-s1', 's0-s2', 's0-s3', 's1-s2']);
  });

  it('has q over all pairs, whichever of them are shown', async () => {
    const whole = await collect('correlation', frame, { params: { output: 'pairs', fdr: true } });
    const p = numbers(whole.column('pairs', 'p'));
    const q = numbers(whole.column('pairs', 'q'));
    q.forEach((value, k) => {
      // By the definition: the least p' m / (number of p at most p') over all p' of at least this p.
      const candidates = [...p].filter((other) => other >= (p[k] ?? 0)).map((other) => (other * p.length) / p.filter((x) => x <= other).length);
      expect(value).toBeCloseTo(Math.min(1, ...candidates), 14);
    });
    const some = await collect('correlation', frame, { params: { output: 'pairs', fdr: true, minAbs: 0.4 } });
    const shown = numbers(whole.column('pairs', 'r')).map(Math.abs);
    expect(numbers(some.column('pairs', 'q'))).toEqual(q.filter((_, k) => (shown[k] ?? 0) >= 0.4));
    const top = await collect('correlation', frame, { params: { output: 'pairs', fdr: true, top: 3 } });
    expect(numbers(top.column('pairs', 'q'))).toEqual(numbers(top.column('pairs', 'p')).map((value) => q[p.indexOf(value)] ?? Number.NaN));
  });

  it('of one series is an empty table', async () => {
    const result = await collect('correlation', frameOf(columnsOf([Float64Array.of(1, 2, 3)])), { params: { output: 'pairs', fdr: true } });
    expect(result.table('pairs').numRows).toBe(0);
  });

  it('with a constant series is missing, and is never among the strongest', async () => {
    const two = frameOf(columnsOf([Float64Array.of(1, 2, 4), new Float64Array(3).fill(5)]));
    const all = await collect('correlation', two, { params: { output: 'pairs', fdr: true } });
    expect(['r', 'n', 'p', 'q'].map((name) => all.column('pairs', name)[0])).toEqual([null, 3, null, null]);
    expect((await collect('correlation', two, { params: { output: 'pairs', top: 5 } })).table('pairs').numRows).toBe(0);
  });
});

describe('a correlation that takes up after a lost worker', () => {
  // 300 series of 14,000 rows are too much for two tiles.
  const frame = frameOf(gaussianColumns(300, 14_000));
  it.each([
    ['a matrix', { output: 'matrix' }],
    ['pairs', { output: 'pairs', minAbs: 0.5 }],
    ['a matrix and its strongest pairs', { output: 'both', top: 50 }],
    ['a matrix and its pairs with q', { output: 'both', fdr: true, minAbs: 0.8 }],
  ])('stores the same bytes as one that never stopped: %s', { timeout: 120_000 }, async (_, params) => {
    const whole = await collect('correlation', frame, { params });
    expect(whole.steps.length).toBeGreaterThan(2);
    const last = await collect('correlation', frame, { params, stored: whole.steps.length - 1 });
    expect(last.steps).toEqual(whole.steps.slice(-1));
    const rest = await collect('correlation', frame, { params, stored: 1 });
    expect(rest.steps).toEqual(whole.steps.slice(1));
  });
});
