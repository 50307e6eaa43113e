/** The scores of one series, the rows that are flagged, and what was expected where the method tells it. */
import { flaggedSpans, type Span } from '../../../charts/line-chart/annotations.ts';
import type { Points } from '../align-lines.ts';
import type { SeriesIndex } from '../series-index.ts';
import type { TableStore } from '../table-store.ts';

export interface ScoredSeries {
  readonly score: Points;
  /** null where the method expects nothing of a row. */
  readonly expected: Points | null;
  /** Flagged stretches, in the chart's units: seconds, or rows. */
  readonly flagged: readonly Span[];
}

export function scoredSeries(store: TableStore, index: SeriesIndex, name: string, time: 'timestamp' | 'index'): ScoredSeries {
  const column = (of: string) => (store.columnNamed(of) === -1 ? null : index.numbers(name, store.columnNamed(of)));
  const x = column('time') ?? new Float64Array(0);
  const [score, flagged, expected] = [column('score') ?? new Float64Array(0), column('flagged'), column('expected')];
  const places = time === 'timestamp' ? x.map((at) => at * 1e-6) : x;
  return { score: { x, y: score }, expected: expected === null ? null : { x, y: expected }, flagged: flaggedSpans(places, (row) => flagged?.[row] === 1) };
}

/** z-scores from here on are flagged where a job sets no threshold of its own. */
const usualThreshold = 3.5;

/** Scores from here on are flagged; null where that is found from the scores, or by rank. */
export function thresholdOf(params: Readonly<Record<string, unknown>>): number | null {
  const { threshold, method } = params;
  if (typeof threshold === 'number') return threshold;
  return method === 'isolation-forest' || method === 'matrix-profile' ? null : usualThreshold;
}
