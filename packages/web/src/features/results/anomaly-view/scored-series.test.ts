import { describe, expect, it } from 'vitest';
import { SeriesIndex } from '../series-index.ts';
import { reals, storeOf, texts, verdicts } from '../table-store.testing.ts';
import { scoredSeries, thresholdOf } from './scored-series.ts';

describe('scoredSeries', () => {
  const columns = { time: reals([1e6, 2e6, 3e6, 1e6]), series: texts(['a', 'a', 'a', 'b']), score: reals([0, 9, null, 1]), flagged: verdicts([false, true, null, true]) };

  it('has the flagged rows of one series as stretches, times in seconds', () => {
    const store = storeOf(columns);
    const { score, expected, flagged } = scoredSeries(store, new SeriesIndex(store, 1).update(), 'a', 'timestamp');
    expect([[...score.y], expected, flagged]).toEqual([[0, 9, Number.NaN], null, [{ from: 2, to: 2 }]]);
  });

  it('tells what was expected where the table does', () => {
    const store = storeOf({ ...columns, expected: reals([1, 2, 3, 4]) });
    expect([...scoredSeries(store, new SeriesIndex(store, 1).update(), 'a', 'index').expected!.y]).toEqual([1, 2, 3]);
  });
});

describe('thresholdOf', () => {
  it('is that of the job, the usual one of z-scores, and unknown for the others', () => {
    expect([thresholdOf({ threshold: 5 }), thresholdOf({}), thresholdOf({ method: 'matrix-profile', threshold: null })]).toEqual([5, 3.5, null]);
  });
});
