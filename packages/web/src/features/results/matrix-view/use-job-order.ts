import type { Job } from '@corrente/shared/contract/job';
import { useMemo } from 'react';
import type { TableStore } from '../table-store.ts';
import { useSnapshotTable } from '../use-snapshot-table.ts';
import { jobOrder } from './job-order.ts';

/** The order of the job's own tree of similarity; null where it has none, or none yet. */
export function useJobOrder(job: Job, matrix: TableStore, version: number): Uint32Array | null {
  const { store } = useSnapshotTable(job, 'order', job.tables.some(({ name }) => name === 'order'));
  // The matrix grows in place; its version tells
  return useMemo(() => (store === null ? null : jobOrder(store, matrix)), [store, matrix, version]);
}
