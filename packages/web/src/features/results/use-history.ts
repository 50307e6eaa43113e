/** The series that a job was given, as it stands in the data set, to be drawn beside what was computed of it. */
import type { Job } from '@corrente/shared/contract/job';
import { useQuery } from '@tanstack/react-query';
import { formatTimestamp } from '../../lib/format.ts';
import { seriesQuery } from '../datasets/queries.ts';
import type { Points } from './align-lines.ts';

/** Points of each series: four for each pixel column of a wide chart. */
const points = 4800;
const nothing: ReadonlyMap<string, Points> = new Map();

/** Whether the series as it stands has the scale and the times of the job's input: neither transformed nor resampled. */
export function rawFits({ spec: { input } }: Pick<Job, 'spec'>): boolean {
  return input.transform === 'none' && (input.resample === null || input.resample === undefined);
}

/** A moment of a table's time column as the API takes the ends of a range. */
export function boundOf(at: number, time: 'timestamp' | 'index'): string | number {
  return time === 'index' ? at : formatTimestamp(BigInt(Math.round(at))).replace(' ', 'T') + (Math.round(at) % 86_400_000_000 === 0 ? '' : 'Z');
}

/** By name; empty until they are there, and where `names` is. `from` cuts what the job's own range has. */
export function useHistory(job: Job, names: readonly string[], from: number | null, time: 'timestamp' | 'index'): ReadonlyMap<string, Points> {
  const { input } = job.spec;
  const { data } = useQuery({
    ...seriesQuery(input.dataset, { field: input.field, series: names, from: from === null ? (input.from ?? undefined) : boundOf(from, time), to: input.to ?? undefined, points }),
    enabled: names.length > 0,
    retry: false,
  });
  return data ?? nothing;
}
