import type { Job } from '@corrente/shared/contract/job';
import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { corrente } from '../../../app/client.ts';
import { datasetQuery, datasetsQuery } from '../../datasets/queries.ts';
import { jobQuery } from '../../jobs/queries.ts';
import { jobLabel, newestFirst } from './taken-results.ts';

export interface ResultChoices {
  /** Newest first. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  /** Whether there are older jobs than those. */
  readonly older: boolean;
  readonly pending: boolean;
  readonly error: Error | null;
}

/** The most jobs of one analysis that are offered. */
const mostOffered = 200;

/** Succeeded jobs of these analyses, and whichever jobs are chosen already, with words that tell them apart. */
export function useResultChoices(analyses: readonly string[], chosen: readonly string[]): ResultChoices {
  const listed = useQueries({
    queries: analyses.map((analysis) => ({
      queryKey: ['jobs', 'to-choose', analysis],
      queryFn: ({ signal }: { signal: AbortSignal }) => corrente().jobs({ state: 'succeeded', analysis, limit: mostOffered }, { signal }),
      refetchInterval: 10_000,
    })),
  });
  const pages = listed.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const offered = newestFirst(pages.map(({ items }) => items));
  const known = new Set(offered.map(({ id }) => id));
  const older = chosen.filter((id) => !known.has(id));
  const named = useQueries({ queries: older.map((id) => ({ ...jobQuery(id), retry: false })) });
  const jobs = newestFirst([offered, named.flatMap(({ data }) => (data === undefined ? [] : [data]))]);
  const names = useDatasetNames(jobs);
  return {
    choices: jobs.map((job) => ({ value: job.id, label: jobLabel(job, names.get(job.spec.input.dataset)) })),
    older: pages.some(({ cursor }) => cursor !== null),
    pending: listed.some(({ isPending }) => isPending),
    error: listed.find(({ error }) => error !== null)?.error ?? null,
  };
}

/** The names of the data sets that the jobs read, as far as these are there and known by now. */
export function useDatasetNames(jobs: readonly Pick<Job, 'spec'>[]): ReadonlyMap<string, string> {
  const { data, isPending } = useInfiniteQuery(datasetsQuery);
  const listed = new Map(data?.pages.flatMap(({ items }) => items.map(({ id, name }) => [id, name] as const)));
  const unlisted = [...new Set(jobs.map(({ spec }) => spec.input.dataset))].filter((id) => !isPending && !listed.has(id));
  const found = useQueries({ queries: unlisted.map((id) => ({ ...datasetQuery(id), retry: false })) });
  return new Map([...listed, ...found.flatMap(({ data: dataset }) => (dataset === undefined ? [] : [[dataset.id, dataset.name] as const]))]);
}
