/** The trials (replications) of a data set: their lengths, their clock, and what is missing in each. */
import type { Dataset, ImportReport } from '@corrente/shared/contract/dataset';
import { findGaps, lowerBound, type Grid } from './axis.ts';
import type { Duck } from './duckdb.ts';
import type { Layout } from './layout.ts';
import { placesKept } from './staged.ts';
import { formatTime } from './time.ts';

/** Rows of one trial; times are microseconds, or row numbers where there is no time. */
export interface TrialExtent {
  readonly trial: number;
  readonly rows: number;
  readonly timePoints: number;
  readonly first: number;
  readonly last: number;
}

/** The trials of a data set as its report has them; null for data without, those of earlier versions among them. */
export function trialsOf(dataset: Dataset): ImportReport['trials'] {
  return dataset.report.trials ?? null;
}

/** The name of a trial, as far as the report keeps it. */
export function trialName(dataset: Dataset, trial: number): string {
  return trialsOf(dataset)?.places[trial]?.trial ?? `number ${trial + 1}`;
}

/** The staged trials, in their order. */
export async function measureTrials(duck: Duck, { key, time }: Layout): Promise<TrialExtent[]> {
  const trial = 'CAST(enum_code(CAST(r AS trials)) AS INTEGER)';
  const rows = await duck.rows(
    time === null
      ? `SELECT trial, CAST(sum(size) AS DOUBLE), CAST(max(size) AS DOUBLE), 0.0::DOUBLE, CAST(max(size) - 1 AS DOUBLE) FROM (SELECT ${trial} AS trial, count(*) AS size FROM staging GROUP BY r${key === null ? '' : ', k'}) GROUP BY trial ORDER BY trial`
      : `SELECT ${trial} AS trial, CAST(count(*) AS DOUBLE), CAST(count(DISTINCT t) AS DOUBLE), CAST(epoch_us(min(t)) AS DOUBLE), CAST(epoch_us(max(t)) AS DOUBLE) FROM staging GROUP BY trial ORDER BY trial`,
  );
  return rows.map((row) => ({ trial: Number(row[0]), rows: Number(row[1]), timePoints: Number(row[2]), first: Number(row[3]), last: Number(row[4]) }));
}

/**
 * own where there are several trials and no two of them overlap in time: recordings one after the other. Else shared:
 * the time of each counts from its beginning, or they were recorded side by side.
 */
export function clockOf(extents: readonly TrialExtent[]): 'shared' | 'own' {
  if (extents.length < 2) return 'shared';
  const sorted = [...extents].sort((a, b) => a.first - b.first);
  return sorted.every(({ first }, index) => index === 0 || first > (sorted[index - 1]?.last ?? Infinity)) ? 'own' : 'shared';
}

export function reportTrials(column: string, names: readonly string[], extents: readonly TrialExtent[], hasTime: boolean, dateOnly: boolean): NonNullable<ImportReport['trials']> {
  const lengths = extents.map(({ timePoints }) => timePoints);
  const text = (time: number): string | null => (hasTime ? formatTime(time, dateOnly) : null);
  return {
    column,
    clock: hasTime ? clockOf(extents) : 'shared',
    count: extents.length,
    shortest: lengths.reduce((least, length) => Math.min(least, length), Infinity),
    longest: lengths.reduce((most, length) => Math.max(most, length), 0),
    places: extents.slice(0, placesKept).map(({ trial, rows, timePoints, first, last }) => ({ trial: names[trial] ?? '', rows, timePoints, from: text(first), to: text(last) })),
  };
}

/** The times of the trial with the most of them, where trials have clocks of their own. */
export function longestAxis(extents: readonly TrialExtent[], axis: Float64Array): Float64Array {
  const longest = extents.reduce((most, extent) => (extent.timePoints > most.timePoints ? extent : most), extents[0] ?? { first: 0, last: 0, timePoints: 0 });
  return axis.subarray(lowerBound(axis, longest.first), lowerBound(axis, longest.last) + 1);
}

/** Gaps on the grid inside each trial of recordings one after the other: what lies between two of them is no gap. */
export function gapsWithin(extents: readonly TrialExtent[], names: readonly string[], axis: Float64Array, grid: Grid, dateOnly: boolean, gaps: ImportReport['gaps']): void {
  for (const { trial, first, last } of extents) {
    const own = axis.subarray(lowerBound(axis, first), lowerBound(axis, last) + 1);
    addGaps(gaps, findGaps(own, grid, dateOnly, placesKept), { series: null, trial: names[trial] ?? '' });
  }
}

export function addGaps(gaps: ImportReport['gaps'], found: ReturnType<typeof findGaps>, where: { series: string | null; trial?: string }): void {
  gaps.count += found.count;
  gaps.missing += found.missing;
  for (const place of found.places.slice(0, placesKept - gaps.places.length)) gaps.places.push({ ...where, ...place });
}
