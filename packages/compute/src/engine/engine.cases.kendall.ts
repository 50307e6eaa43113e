/** Kendall's tau-b: what every engine that computes it must get right. Counts are integers, so the tolerance is that of one root. */
import { assertSameBits } from '../../test/oracle/compare.ts';
import { kendallOracle } from '../../test/oracle/kendall.ts';
import { remembered } from '../../test/oracle/remembered.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { edgeSeriesOfLength } from '../../test/series/edge.ts';
import type { EngineCase } from './engine.cases.ts';
import { checkMatrix, commonCases, pairInWords, pairStatisticCase, tiedColumns, wholeMatrix, type PairStatistic } from './engine.cases.pair-statistic.ts';

const kendall: PairStatistic = { method: 'kendall', oracle: remembered(kendallOracle), tolerance: 4e-16, least: -1 };

export const kendallCases: EngineCase[] = [
  ...commonCases(kendall),
  ...[9, 65].flatMap((length) =>
    pairStatisticCase(kendall, `the edge series of ${length} rows in one block are the plain matrix`, (engine, precision) =>
      checkMatrix(engine, columnsOf(edgeSeriesOfLength(length).map(({ values }) => values)), kendall, precision),
    ),
  ),
  ...pairStatisticCase(kendall, 'a block of more series than are counted together is the plain matrix', (engine, precision) => checkMatrix(engine, tiedColumns(67, 40, 0.1), kendall, precision)),
  // Two series are counted in the order of one, many by the signs of their differences.
  ...[gaussianColumns(40, 500, { seed: 75 }), tiedColumns(40, 500), tiedColumns(40, 500, 0.1)].flatMap((columns, i) =>
    pairStatisticCase(kendall, `a pair alone has the bits that it has among 40 series (${['complete', 'tied', 'tied with gaps'][i]})`, async (engine, precision) => {
      const { r } = await wholeMatrix(engine, columns, kendall, precision);
      for (const [a, b] of [[0, 1], [3, 17], [39, 2]] as const) {
        const pair = await wholeMatrix(engine, columnsOf([seriesOf(columns, a), seriesOf(columns, b)]), kendall, precision);
        assertSameBits([pair.r[1] ?? 0], [r[a * 40 + b] ?? 0], () => pairInWords(40)(a * 40 + b));
      }
    }),
  ),
  ...pairStatisticCase(kendall, 'a rising function of a series changes no bit, a falling one only the sign', async (engine, precision) => {
    const columns = gaussianColumns(6, 90, { seed: 76, missing: 0.1 });
    const turned = columnsOf(Array.from({ length: 6 }, (_, s) => seriesOf(columns, s).map((v) => (s % 2 === 0 ? Math.exp(v) + 1e3 : -1e6 * v))));
    const [before, after] = [await wholeMatrix(engine, columns, kendall, precision), await wholeMatrix(engine, turned, kendall, precision)];
    assertSameBits(after.r, before.r.map((r, at) => ((Math.floor(at / 6) + (at % 6)) % 2 === 0 ? r : 0 - r)), pairInWords(6));
  }),
];
