import { describe, expect, it } from 'vitest';
import { assertClose } from '../../../test/oracle/compare.ts';
import { covariance, flat, inverse, normalised } from '../../../test/oracle/matrix.ts';
import { askPython, hasPython } from '../../../test/python.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../../test/series/columns.ts';
import { cpuEngine } from '../../engine/cpu.ts';
import { portableEngine } from '../../engine/portable.ts';
import { collect, type CollectOptions } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { correlationP } from '../../statistics/correlation-p.ts';
import { matrixOf, numbers, pairsOf } from './result.testing.ts';

const columns = gaussianColumns(12, 80, { seed: 3, padding: 3 });
const frame = frameOf(columns);
const series = Array.from({ length: 12 }, (_, s) => seriesOf(columns, s));
const close = (allowed: number) => ({ tolerance: () => allowed, place: (at: number) => `row ${Math.floor(at / 12)}, column ${at % 12}` });
const cpu = cpuEngine();
const { available } = cpu.info();

const matrixFor = async (params: unknown, options: CollectOptions = {}): Promise<Float64Array<ArrayBuffer>> => matrixOf(await collect('correlation', frame, { ...options, params }), frame.names);

/** The sum over the diagonal. */
const trace = (value: (i: number) => number): number => Array.from({ length: 12 }, (_, i) => value(i)).reduce((sum, one) => sum + one, 0);

const meanOf = (matrix: Float64Array): number => matrix.reduce((sum, value) => sum + value, 0) / matrix.length;

/** Of series a and b: r of what is left of them when all others are regressed out. */
function residualCorrelation(a: number, b: number): number {
  const others = series.filter((_, s) => s !== a && s !== b).map((values) => Array.from(values));
  const designs = [...others, others[0]?.map(() => 1) ?? []];
  const gram = designs.map((x) => designs.map((y) => x.reduce((sum, value, t) => sum + value * (y[t] ?? 0), 0)));
  const solution = inverse(gram);
  const residual = (values: Float64Array): Float64Array => {
    const moments = designs.map((x) => x.reduce((sum, value, t) => sum + value * (values[t] ?? 0), 0));
    const weights = solution.map((row) => row.reduce((sum, value, k) => sum + value * (moments[k] ?? 0), 0));
    return values.map((value, t) => value - designs.reduce((sum, x, k) => sum + (weights[k] ?? 0) * (x[t] ?? 0), 0));
  };
  return normalised(covariance([a, b].map((s) => residual(series[s] ?? new Float64Array(0)))))[0]?.[1] ?? Number.NaN;
}

describe('partial correlation', () => {
  it('of a pair is the correlation of what all other series leave of the two', async () => {
    const r = await matrixFor({ partial: true });
    for (let a = 0; a < 12; a++) {
      expect(r[a * 12 + a]).toBe(1);
      for (let b = 0; b < a; b++) expect(r[a * 12 + b]).toBeCloseTo(residualCorrelation(a, b), 10);
    }
  });

  it('has p by as many degrees of freedom as there are more rows than series', async () => {
    const rows = pairsOf(await collect('correlation', frame, { params: { partial: true, output: 'pairs' } }));
    expect(rows).toHaveLength(66);
    for (const { r, n, p } of rows) {
      expect(n).toBe(80);
      // n - S degrees: those of a plain correlation of S - 2 rows fewer.
      expect(p).toBe(correlationP(r, 80 - 10));
    }
  });

  it.each(['oas', 'ledoit-wolf'] as const)('shrunk by %s, has no correlation of a series that does not vary, and the others have theirs', async (shrinkage) => {
    const withConstant = frameOf(columnsOf([...series.slice(0, 4), new Float64Array(80).fill(7)]));
    const four = frameOf(columnsOf(series.slice(0, 4)));
    const got = await collect('correlation', withConstant, { params: { shrinkage } });
    const expected = matrixOf(await collect('correlation', four, { params: { shrinkage } }), four.names);
    expect(got.column('matrix', 's4')).toEqual([null, null, null, null, null]);
    for (let a = 0; a < 4; a++) expect(got.column('matrix', `s${a}`)).toEqual([...Array.from(expected.subarray(4 * a, 4 * a + 4)), null]);
    const covariances = await collect('correlation', withConstant, { params: { shrinkage, method: 'covariance' } });
    expect(covariances.column('matrix', 's4').slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(covariances.column('matrix', 's4')[4]).toBeGreaterThan(0);
  });

  it('leaves a series that does not vary out, and the rows where one is missing', async () => {
    const gap = (series[0] ?? new Float64Array(0)).map((value, t) => (t === 7 ? Number.NaN : value));
    const some = frameOf(columnsOf([gap, series[1] ?? gap, new Float64Array(80).fill(4), series[2] ?? gap]));
    const result = await collect('correlation', some, { params: { partial: true, output: 'both' } });
    const kept = [gap, series[1] ?? gap, series[2] ?? gap].map((values) => values.filter((_, t) => t !== 7));
    const p = inverse(normalised(covariance(kept)));
    const expected = -(p[0]?.[1] ?? 0) / Math.sqrt((p[0]?.[0] ?? 0) * (p[1]?.[1] ?? 0));
    expect(numbers(result.column('matrix', 's1'))[0]).toBeCloseTo(expected, 12);
    expect(result.column('matrix', 's2')).toEqual([null, null, null, null]);
    expect(pairsOf(result)[0]).toMatchObject({ n: 79, p: correlationP(numbers(result.column('matrix', 's1'))[0] ?? Number.NaN, 78) });
  });

  it('is refused where a series is a combination of others, and before it begins where rows are too few', async () => {
    const [x = new Float64Array(0), y = new Float64Array(0)] = series;
    const combined = frameOf(columnsOf([x, y, x.map((value, t) => value + (y[t] ?? 0))]));
    await expect(collect('correlation', combined, { params: { partial: true } })).rejects.toMatchObject({ code: 'too-few-samples', places: [{ pointer: '/params/partial' }] });
    await expect(collect('correlation', frameOf(gaussianColumns(5, 5)), { params: { partial: true } })).rejects.toMatchObject({ code: 'too-few-samples', places: [{ pointer: '/params/partial' }] });
  });

  it('of a denoised matrix exists with fewer rows than series', async () => {
    const wide = frameOf(gaussianColumns(12, 9, { seed: 8 }));
    const r = matrixOf(await collect('correlation', wide, { params: { partial: true, denoise: 'marchenko-pastur' } }), wide.names);
    expect(r.every((value) => Math.abs(value) <= 1)).toBe(true);
  });
});

describe('a matrix that is computed as a whole', () => {
  it('is missing throughout where fewer rows are present than minPeriods', async () => {
    expect((await matrixFor({ partial: true, minPeriods: 81 })).every(Number.isNaN)).toBe(true);
  });

  it('is rounded to single precision in the end, and never computed in it', async () => {
    const double = await matrixFor({ detone: 1 });
    expect(await matrixFor({ detone: 1 }, { precision: 'f32' })).toEqual(double.map(Math.fround));
  });

  it.each([{ denoise: 'marchenko-pastur', output: 'both', top: 5 }, { partial: true, output: 'pairs', fdr: true }, { detone: 1, output: 'pairs', minAbs: 0.1, top: 7 }])('has the same bytes where it is taken up after a lost worker: %j', async (params) => {
    const whole = await collect('correlation', frame, { params });
    const rest = await collect('correlation', frame, { params, stored: whole.steps.length - 1 });
    expect(rest.steps).toEqual(whole.steps.slice(-1));
  });

  it('loses its common factor by detoning', async () => {
    expect(meanOf(await matrixFor({}))).toBeGreaterThan(0.3);
    expect(Math.abs(meanOf(await matrixFor({ detone: 1 })))).toBeLessThan(0.1);
  });

  it.skipIf(!hasPython('numpy'))('is what numpy makes of it: partial, denoised, detoned (needs python3 with numpy)', async () => {
    const script = `
X = np.array(data)
R = np.corrcoef(X)
P = np.linalg.inv(R)
partial = -P / np.sqrt(np.outer(np.diag(P), np.diag(P)))
np.fill_diagonal(partial, 1)
values, vectors = np.linalg.eigh(R)
edge = (1 + np.sqrt(X.shape[0] / X.shape[1])) ** 2
noise = values <= edge * values[values <= edge].mean()
cleaned = values.copy()
cleaned[noise] = values[noise].mean()
def rebuilt(values):
    C = vectors @ np.diag(values) @ vectors.T
    return C / np.sqrt(np.outer(np.diag(C), np.diag(C)))
toneless = cleaned.copy()
toneless[-1] = 0
result = [partial.ravel(), rebuilt(cleaned).ravel(), rebuilt(toneless).ravel()]`;
    const answer = askPython(script, series.map((values) => Array.from(values)));
    const expected = Array.isArray(answer) ? answer.map((matrix) => numbers(Array.isArray(matrix) ? matrix : [])) : [];
    const params = [{ partial: true }, { denoise: 'marchenko-pastur' }, { denoise: 'marchenko-pastur', detone: 1 }];
    expect(expected).toHaveLength(params.length);
    for (const [k, one] of params.entries()) for (const engine of available ? [portableEngine(), cpu] : [portableEngine()]) assertClose(await matrixFor(one, { engine }), expected[k] ?? [], close(1e-10));
  });
});

describe.skipIf(!available)('on the CPU engine', () => {
  const options: CollectOptions = { engine: cpu };

  it('covariance is denoised as a correlation, with its variances as they were', async () => {
    const plain = await matrixFor({ method: 'covariance' }, options);
    const cleaned = await matrixFor({ method: 'covariance', denoise: 'marchenko-pastur' }, options);
    const correlation = await matrixFor({ denoise: 'marchenko-pastur' }, options);
    assertClose(cleaned, correlation.map((r, at) => r * Math.sqrt((plain[Math.floor(at / 12) * 13] ?? 0) * (plain[(at % 12) * 13] ?? 0))), close(1e-12));
  });

  it('a shrunk correlation is the shrunk covariance, normalised', async () => {
    const shrunk = await matrixFor({ method: 'covariance', shrinkage: 'oas' }, options);
    const rows = Array.from({ length: 12 }, (_, i) => [...shrunk.subarray(12 * i, 12 * i + 12)]);
    assertClose(await matrixFor({ shrinkage: 'oas' }, options), flat(normalised(rows)), close(1e-12));
  });

  it('a shrunk covariance has the trace of the plain one of all rows', async () => {
    const plain = covariance(series);
    const shrunk = await matrixFor({ method: 'covariance', shrinkage: 'ledoit-wolf' }, options);
    expect(trace((i) => shrunk[13 * i] ?? 0)).toBeCloseTo(trace((i) => plain[i]?.[i] ?? 0), 12);
    expect(Math.abs(shrunk[1] ?? 0)).toBeLessThan(Math.abs(plain[0]?.[1] ?? 0));
  });

  it('partial Spearman correlation is that of the inverse of the rank correlations', async () => {
    const ranked = await matrixFor({ method: 'spearman' }, options);
    const p = inverse(Array.from({ length: 12 }, (_, i) => [...ranked.subarray(12 * i, 12 * i + 12)]));
    const expected = flat(p.map((row, i) => row.map((value, j) => (i === j ? 1 : -value / Math.sqrt((p[i]?.[i] ?? 0) * (p[j]?.[j] ?? 0))))));
    assertClose(await matrixFor({ method: 'spearman', partial: true }, options), expected, close(1e-11));
  });

  it.skipIf(!hasPython('numpy', 'sklearn.covariance'))('shrunk covariances are scikit-learn’s (needs python3 with scikit-learn)', async () => {
    const answer = askPython('from sklearn.covariance import ledoit_wolf, oas\nX = np.array(data).T\nresult = [ledoit_wolf(X)[0].ravel(), oas(X)[0].ravel()]', series.map((values) => Array.from(values)));
    const expected = Array.isArray(answer) ? answer.map((matrix) => numbers(Array.isArray(matrix) ? matrix : [])) : [];
    for (const [k, shrinkage] of ['ledoit-wolf', 'oas'].entries()) assertClose(await matrixFor({ method: 'covariance', shrinkage }, options), expected[k] ?? [], close(1e-12));
  });
});
