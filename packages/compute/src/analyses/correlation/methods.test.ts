import { correlationTolerances } from '@corrente/shared/contract/analyses/correlation';
import { describe, expect, it } from 'vitest';
import { assertClose } from '../../../test/oracle/compare.ts';
import { covarianceOracle, matrixOracle, spearmanOracle, type PairOracle } from '../../../test/oracle/correlation.ts';
import { distanceOracle } from '../../../test/oracle/distance.ts';
import { kendallOracle } from '../../../test/oracle/kendall.ts';
import { askPython, hasPython } from '../../../test/python.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../../test/series/columns.ts';
import type { Columns } from '../../engine/contract.ts';
import { cpuEngine } from '../../engine/cpu.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { correlationP } from '../../statistics/correlation-p.ts';
import { matrixOf, pairsOf } from './result.testing.ts';

const engine = cpuEngine();
const { available } = engine.info();

/** Rounded, so that there are ties, and with gaps. */
const rounded = ((columns: Columns): Columns => ({ ...columns, values: columns.values.map((value) => Math.round(4 * value) / 4) }))(gaussianColumns(9, 60, { seed: 6, missing: 0.08 }));
const frame = frameOf(rounded);

const oracles: Readonly<Record<string, (a: Float64Array, b: Float64Array) => PairOracle>> = {
  spearman: spearmanOracle,
  kendall: kendallOracle,
  distance: distanceOracle,
  covariance: (a, b) => covarianceOracle(a, b, 1),
};

const order = async (params: object): Promise<unknown[]> => (await collect('correlation', frame, { engine, params: { order: 'hierarchical', ...params } })).column('order', 'series');

describe.skipIf(!available)('the other methods, on the CPU engine', () => {
  it.each(['spearman', 'kendall', 'distance', 'covariance'] as const)('%s is that of its definition, as a matrix and as pairs', async (method) => {
    const oracle = oracles[method] ?? spearmanOracle;
    const result = await collect('correlation', frame, { engine, params: { method, output: 'both' } });
    const expected = matrixOracle(rounded, oracle, method !== 'covariance').r;
    const allowed = correlationTolerances[method].f64 * (method === 'covariance' ? 4 : 1);
    assertClose(matrixOf(result, frame.names), expected, { tolerance: () => allowed, place: (at) => `row ${Math.floor(at / 9)}, column ${at % 9}` });
    const rows = pairsOf(result);
    expect(rows).toHaveLength(36);
    for (const [k, { a, b, r, n }] of rows.entries()) {
      const [i, j] = [a, b].map((name) => frame.names.indexOf(String(name)));
      expect(k).toBe(rows.findIndex((row) => row.a === a && row.b === b));
      expect(Math.abs(r - (expected[(i ?? 0) * 9 + (j ?? 0)] ?? Number.NaN))).toBeLessThanOrEqual(allowed);
      expect(n).toBe(oracle(seriesOf(rounded, i ?? 0), seriesOf(rounded, j ?? 0)).n);
    }
  });

  it('spearman has the p of Student’s t; distance and covariance have none', async () => {
    for (const { r, n, p } of pairsOf(await collect('correlation', frame, { engine, params: { method: 'spearman', output: 'pairs' } }))) expect(p).toBe(correlationP(r, Number(n)));
    for (const method of ['distance', 'covariance']) {
      for (const { p } of pairsOf(await collect('correlation', frame, { engine, params: { method, output: 'pairs' } }))) expect(p).toBeNaN();
    }
  });

  it.skipIf(!hasPython('numpy', 'scipy.stats'))('kendall has the p of scipy.stats.kendalltau over the common rows, ties among them (needs python3 with scipy)', async () => {
    const script = `
from scipy.stats import kendalltau
X = np.array([[np.nan if value is None else value for value in row] for row in data])
result = []
for i in range(len(X)):
    for j in range(i + 1, len(X)):
        both = ~(np.isnan(X[i]) | np.isnan(X[j]))
        result.append(kendalltau(X[i][both], X[j][both], method='asymptotic').pvalue)`;
    const theirs = askPython(script, Array.from({ length: 9 }, (_, s) => Array.from(seriesOf(rounded, s))));
    const rows = pairsOf(await collect('correlation', frame, { engine, params: { method: 'kendall', output: 'pairs' } }));
    expect(rows.map(({ p }) => p)).toEqual(Array.isArray(theirs) ? theirs.map((p) => expect.closeTo(Number(p), 9)) : []);
  });

  it('covariance is divided by the rows less ddof, and its strongest pairs are those of the largest covariance', async () => {
    const scaled = columnsOf([1, 10, 100].map((scale, s) => seriesOf(rounded, s).map((value) => scale * value)));
    const sample = pairsOf(await collect('correlation', frameOf(scaled), { engine, params: { method: 'covariance', output: 'pairs' } }));
    const population = pairsOf(await collect('correlation', frameOf(scaled), { engine, params: { method: 'covariance', output: 'pairs', ddof: 0 } }));
    for (const [k, { r, n }] of sample.entries()) expect((population[k]?.r ?? Number.NaN) / r).toBeCloseTo((Number(n) - 1) / Number(n), 12);
    const [strongest] = pairsOf(await collect('correlation', frameOf(scaled), { engine, params: { method: 'covariance', output: 'pairs', top: 1 } }));
    expect(`${String(strongest?.a)}-${String(strongest?.b)}`).toBe('s1-s2');
  });

  it.each(['spearman', 'kendall'])('the strongest pairs by %s are the first of all, sorted', async (method) => {
    const all = pairsOf(await collect('correlation', frame, { engine, params: { method, output: 'pairs' } }));
    const top = pairsOf(await collect('correlation', frame, { engine, params: { method, output: 'pairs', top: 7 } }));
    expect(top).toEqual(all.toSorted((x, y) => Math.abs(y.r) - Math.abs(x.r)).slice(0, 7));
  });

  it('the order of a covariance is that of its correlations', async () => {
    expect(await order({ method: 'covariance', missing: 'listwise' })).toEqual(await order({ missing: 'listwise' }));
  });
});
