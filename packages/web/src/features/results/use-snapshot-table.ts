import { finalStates, type Job } from '@corrente/shared/contract/job';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { corrente } from '../../app/client.ts';
import { TableStore } from './table-store.ts';

/** While a job runs, its table is read again at most this often. */
const pauseMs = 1_000;

export interface Snapshot {
  readonly store: TableStore | null;
  readonly error: Error | null;
}

/**
 * A result table as it is now, with the provisional rows that a running job shows, which the stream of rows leaves
 * out; read again when further rows are announced, and once more when the job has ended.
 */
export function useSnapshotTable(job: Job, name: string, enabled = true): Snapshot {
  const queries = useQueryClient();
  const info = job.tables.find((table) => table.name === name);
  const key = ['snapshot', job.id, name, finalStates.has(job.state)];
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const { schema, batches } = await corrente().openResult(job.id, name, { follow: false, signal });
      const store = new TableStore(schema);
      for await (const batch of batches) store.append(batch);
      return store;
    },
    enabled: enabled && info !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });

  const readAt = useRef(Date.now());
  useEffect(() => {
    if (!enabled) return;
    const timer = setTimeout(
      () => {
        readAt.current = Date.now();
        void queries.invalidateQueries({ queryKey: ['snapshot', job.id, name, false] });
      },
      Math.max(0, readAt.current + pauseMs - Date.now()),
    );
    return () => clearTimeout(timer);
    // What is known of a table is a new object whenever rows of it are announced.
  }, [queries, job.id, name, info, enabled]);

  return { store: data ?? null, error };
}
