/** Pearson's and Spearman's correlation and covariance beside numpy, pandas and scipy, on the cpu engine. */
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import { describe, expect, it } from 'vitest';
import { askPython, hasPython } from '../../test/python.ts';
import { assertClose } from '../../test/oracle/compare.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import type { Columns, CorrelationRequest } from './contract.ts';
import { cpuEngine } from './cpu.ts';
import { matrixOf, pairInWords } from './engine.cases.matrix.ts';

const engine = cpuEngine();
const count = 12;

/** Rounded to steps, so that there are ties; where values are missing, at a tenth of the places. */
const stepped = (missing: number): Columns => {
  const columns = gaussianColumns(count, 200, { seed: 301, missing });
  return columnsOf(Array.from({ length: count }, (_, s) => seriesOf(columns, s).map((value) => (s % 3 === 0 ? value : Math.round(value * 4) / 4))));
};

const rowsOf = (columns: Columns): (number | null)[][] =>
  Array.from({ length: columns.series }, (_, s) => Array.from(seriesOf(columns, s), (value) => (Number.isNaN(value) ? null : value)));

/** Of a matrix as Python gave it. */
function numbersOf(answer: unknown): number[] {
  if (!Array.isArray(answer)) throw new Error(`Python answered ${JSON.stringify(answer)}, expected a matrix`);
  return answer.flat().map((value) => (value === null ? Number.NaN : Number(value)));
}

async function compare(script: string, columns: Columns, request: CorrelationRequest): Promise<void> {
  const { r } = await matrixOf(engine, columns, 'f64', request);
  const expected = numbersOf(askPython(script, rowsOf(columns)));
  expect(expected).toHaveLength(count * count);
  assertClose(r, expected, { tolerance: () => correlation.tolerance.f64, place: pairInWords(count) });
}

const asArray = 'x = np.array([[np.nan if v is None else v for v in row] for row in data], dtype=float)';

describe.skipIf(!engine.info().available || !hasPython('numpy'))('beside numpy', () => {
  it('gives the correlations of numpy.corrcoef', () => compare(`${asArray}\nresult = np.corrcoef(x)`, stepped(0), { method: 'pearson', ddof: 0 }));
  it.each([0, 1])('gives the covariances of numpy.cov with ddof %i', (ddof) => compare(`${asArray}\nresult = np.cov(x, ddof=${ddof})`, stepped(0), { method: 'covariance', ddof }));
});

describe.skipIf(!engine.info().available || !hasPython('numpy', 'scipy.stats'))('beside scipy', () => {
  it('gives the rank correlations of scipy.stats.spearmanr, ties among them', () =>
    compare(`${asArray}\nimport scipy.stats\nresult = scipy.stats.spearmanr(x, axis=1)[0]`, stepped(0), { method: 'spearman', ddof: 0 }));
  it('ranks the common rows of each pair, as scipy.stats.spearmanr does of them', () =>
    compare(
      `${asArray}
import scipy.stats
def pair(a, b):
    here = ~np.isnan(a) & ~np.isnan(b)
    return scipy.stats.spearmanr(a[here], b[here])[0]
result = [[1.0 if i == j else pair(a, b) for j, b in enumerate(x)] for i, a in enumerate(x)]`,
      stepped(0.1),
      { method: 'spearman', ddof: 0 },
    ));
});

describe.skipIf(!engine.info().available || !hasPython('numpy', 'pandas'))('beside pandas', () => {
  it('gives the covariances of DataFrame.cov over common rows', () => compare(`${asArray}\nimport pandas\nresult = pandas.DataFrame(x.T).cov().to_numpy()`, stepped(0.1), { method: 'covariance', ddof: 1 }));
  it('gives the correlations of DataFrame.corr over common rows', () => compare(`${asArray}\nimport pandas\nresult = pandas.DataFrame(x.T).corr().to_numpy()`, stepped(0.1), { method: 'pearson', ddof: 0 }));
});
