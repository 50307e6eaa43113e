import { describe, expect, it } from 'vitest';
import { profileOracle, strongestLag } from '../../../test/oracle/lead-lag.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../../test/series/columns.ts';
import { gaussian, gaussians } from '../../../test/series/random.ts';
import { portableEngine } from '../../engine/portable.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { correlationP } from '../../statistics/correlation-p.ts';
import { withOracleSessions } from './oracle-engine.testing.ts';
import { matrixOf, pairsOf } from './result.testing.ts';

const engine = withOracleSessions(portableEngine());

/** s1 follows s0 by 3 rows, s2 goes before s0 by 2, s3 goes its own way. */
const length = 120;
const lead = gaussians(5, length + 10);
const noisy = (shift: number, seed: number): Float64Array => Float64Array.from({ length }, (_, t) => (lead[t + 5 - shift] ?? 0) + 0.3 * gaussian(seed, t));
const columns = columnsOf([noisy(0, 1), noisy(3, 2), noisy(-2, 3), gaussians(9, length)]);
const frame = frameOf(columns);

describe('lead and lag', () => {
  it('gives each pair the lag at which it is strongest, positive where a leads', async () => {
    const rows = pairsOf(await collect('correlation', frame, { engine, params: { maxLag: 6, output: 'pairs' } }));
    expect(rows.slice(0, 2).map(({ a, b, lag }) => [a, b, lag])).toEqual([['s0', 's1', 3], ['s0', 's2', -2]]);
    for (const { a, b, lag, r, n } of rows) {
      const [i, j] = [a, b].map((name) => Number(String(name).slice(1)));
      const profile = profileOracle(seriesOf(columns, i ?? 0), seriesOf(columns, j ?? 0), { maxLag: 6, minPeriods: 2 });
      expect(lag).toBe(strongestLag(profile.r));
      expect(r).toBe(profile.r[6 + Number(lag)]);
      expect(n).toBe(length - Math.abs(Number(lag)));
    }
  });

  it('multiplies p by the lags that were looked at, up to 1', async () => {
    const rows = pairsOf(await collect('correlation', frame, { engine, params: { maxLag: 6, output: 'pairs' } }));
    for (const { r, n, p } of rows) expect(p).toBe(Math.min(1, 13 * correlationP(r, Number(n))));
    expect(rows.map(({ p }) => p < 1e-10)).toEqual([true, true, false, true, false, false]);
  });

  it('keeps the lags of the strongest pairs, and of those with q', async () => {
    const all = pairsOf(await collect('correlation', frame, { engine, params: { maxLag: 6, output: 'pairs' } }));
    const sorted = all.toSorted((x, y) => Math.abs(y.r) - Math.abs(x.r));
    expect(pairsOf(await collect('correlation', frame, { engine, params: { maxLag: 6, output: 'pairs', top: 4 } }))).toEqual(sorted.slice(0, 4));
    expect(pairsOf(await collect('correlation', frame, { engine, params: { maxLag: 6, output: 'pairs', minAbs: 0.5 } }))).toEqual(all.filter(({ r }) => Math.abs(r) >= 0.5));
    expect(pairsOf(await collect('correlation', frame, { engine, params: { maxLag: 6, output: 'both', fdr: true } }))).toEqual(all);
    expect(pairsOf(await collect('correlation', frame, { engine, params: { maxLag: 6, output: 'both', top: 4 } }))).toEqual(sorted.slice(0, 4));
  });

  it('has a matrix of the strongest coefficients, 1 on its diagonal', async () => {
    const result = await collect('correlation', frame, { engine, params: { maxLag: 6, output: 'both' } });
    const matrix = matrixOf(result, frame.names);
    for (const { a, b, r } of pairsOf(result)) {
      const [i, j] = [a, b].map((name) => Number(String(name).slice(1)));
      expect(matrix[(i ?? 0) * 4 + (j ?? 0)]).toBeCloseTo(r, 14);
      expect(matrix[(j ?? 0) * 4 + (i ?? 0)]).toBeCloseTo(r, 14);
    }
    expect([0, 5, 10, 15].map((at) => matrix[at])).toEqual([1, 1, 1, 1]);
  });

  it('listwise counts a row where any series is missing as missing in all', async () => {
    const gappy = gaussianColumns(3, 60, { seed: 2, missing: 0.1 });
    const complete = (t: number): boolean => [0, 1, 2].every((s) => !Number.isNaN(seriesOf(gappy, s)[t]));
    const masked = frameOf(columnsOf([0, 1, 2].map((s) => seriesOf(gappy, s).map((value, t) => (complete(t) ? value : Number.NaN)))));
    const params = { maxLag: 4, output: 'pairs' };
    expect(pairsOf(await collect('correlation', frameOf(gappy), { engine, params: { ...params, missing: 'listwise' } }))).toEqual(pairsOf(await collect('correlation', masked, { engine, params })));
  });

  it('is refused for lags that leave fewer rows than minPeriods, and for trials', async () => {
    await expect(collect('correlation', frame, { engine, params: { maxLag: 119 } })).rejects.toMatchObject({ code: 'too-few-samples', places: [{ pointer: '/params/maxLag' }] });
    await expect(collect('correlation', frameOf(columns, { trials: 2 }), { engine, params: { maxLag: 2 } })).rejects.toMatchObject({ code: 'trials-unsupported' });
  });
});
