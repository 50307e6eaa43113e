import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { finalStates, type Job, type JobState } from '@corrente/shared/contract/job';
import { corrente } from '../../app/client.ts';

export interface JobFilter {
  readonly state?: JobState | undefined;
  readonly analysis?: string | undefined;
  readonly dataset?: string | undefined;
}

const busy = (jobs: readonly Job[]) => jobs.some((job) => !finalStates.has(job.state));

/** Asked again every second or so while any job shown has not ended. */
export const jobsQuery = (filter: JobFilter, limit = 30) =>
  infiniteQueryOptions({
    queryKey: ['jobs', filter, limit],
    queryFn: ({ pageParam, signal }) => corrente().jobs({ ...filter, cursor: pageParam, limit }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
    refetchInterval: ({ state }) => (busy(state.data?.pages.flatMap((page) => page.items) ?? []) ? 1_000 : 10_000),
  });

export const jobQuery = (id: string) => queryOptions({ queryKey: ['job', id], queryFn: ({ signal }) => corrente().job(id, { signal }) });
