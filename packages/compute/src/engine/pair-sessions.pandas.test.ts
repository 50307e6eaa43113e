/** Rolling, exponentially weighted and lagged correlation of the CPU engine beside those of pandas. */
import { describe, it } from 'vitest';
import { z } from 'zod';
import { assertClose } from '../../test/oracle/compare.ts';
import { askPython, hasPython } from '../../test/python.ts';
import { gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { cpuEngine } from './cpu.ts';

const engine = cpuEngine();
const lists = z.array(z.array(z.number().nullable()));

const plain = (values: Float64Array): Array<number | null> => Array.from(values, (value) => (Number.isNaN(value) ? null : value));

/** What pandas answers of x and y for each expression, NaN where it has no value. */
function ofPandas(x: Float64Array, y: Float64Array, expressions: readonly string[]): number[][] {
  const answer = askPython(
    `import pandas as pd
x, y = (pd.Series([np.nan if v is None else v for v in values]) for values in (data["x"], data["y"]))
both = x.notna() & y.notna()
result = [${expressions.map((expression) => `list(${expression})`).join(', ')}]`,
    { x: plain(x), y: plain(y) },
  );
  return lists.parse(answer).map((list) => list.map((value) => value ?? Number.NaN));
}

describe.skipIf(!hasPython('numpy', 'pandas') || !engine.info().available)('beside pandas (needs the CPU engine, and python3 with pandas)', () => {
  for (const missing of [0, 0.1]) {
    const columns = gaussianColumns(2, 400, { seed: 601, missing });
    const [x, y] = [seriesOf(columns, 0), seriesOf(columns, 1)];

    it(`rolling and exponentially weighted correlation agree to 1e-9 (missing ${missing})`, async () => {
      const requests = [
        { request: { window: 30, alpha: null, step: 1, minPeriods: 5 }, expression: 'x.where(both).rolling(30, min_periods=5).corr(y.where(both))' },
        { request: { window: null, alpha: 0.1, step: 1, minPeriods: 5 }, expression: 'x[both].ewm(alpha=0.1, min_periods=5).corr(y[both]).reindex(x.index).ffill()' },
      ];
      const expected = ofPandas(x, y, requests.map(({ expression }) => expression));
      for (const [i, { request, expression }] of requests.entries()) {
        const session = await engine.openRollingCorrelation(columns, request, { precision: 'f64' });
        const r = await session.tile(0, 1, 1, 2, { precision: 'f64' });
        session.close();
        const first = (request.window ?? request.minPeriods) - 1;
        assertClose(r, expected[i]?.slice(first) ?? [], { tolerance: () => 1e-9, place: (window) => `${expression}, row ${first + window}` });
      }
    });

    it(`correlation at each lag agrees to 1e-12 (missing ${missing})`, async () => {
      const maxLag = 25;
      const [expected] = ofPandas(x, y, [`[x.corr(y.shift(-k)) for k in range(-${maxLag}, ${maxLag} + 1)]`]);
      const session = await engine.openLeadLag(columns, { maxLag, minPeriods: 2 }, { precision: 'f64' });
      const { r } = await session.profile(0, 1, { precision: 'f64' });
      session.close();
      assertClose(r, expected ?? [], { tolerance: () => 1e-12, place: (at) => `lag ${at - maxLag}` });
    });
  }
});
