import type { Job } from '@corrente/shared/contract/job';
import type { NetworkLink } from '@corrente/shared/network/link';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { networkOf, type Network } from '../../../charts/network/network.ts';
import { datasetQuery } from '../../datasets/queries.ts';
import { useSnapshotTable } from '../use-snapshot-table.ts';
import { exportedLinks, linkRows } from './network-tables.ts';

export interface NetworkNow {
  /** null until the links have been read once. */
  readonly network: Network | null;
  /** The links with all that a file of the network holds. */
  readonly rows: () => readonly NetworkLink[];
  readonly error: Error | null;
}

/** The network that a job has found so far: every series that it was given, and the links between them. */
export function useNetwork(job: Job): NetworkNow {
  const { store, error } = useSnapshotTable(job, 'links');
  const { dataset: id, series } = job.spec.input;
  const { data: dataset, isPending } = useQuery({ ...datasetQuery(id), enabled: series === undefined, retry: false });
  const names = series ?? dataset?.series;
  const waiting = series === undefined && isPending;
  const network = useMemo(() => (store === null || waiting ? null : networkOf(names ?? [], linkRows(store))), [store, names, waiting]);
  const rows = useCallback(() => (store === null ? [] : exportedLinks(store)), [store]);
  return { network, rows, error };
}
