/** Information between all pairs of series, as a matrix of sources by targets that fills as the rows arrive. */
import { useQuery } from '@tanstack/react-query';
import type { Job } from '@corrente/shared/contract/job';
import type { ResultTable } from '@corrente/shared/contract/result';
import { useMemo, useRef } from 'react';
import { useScheme } from '../../app/use-scheme.ts';
import { Empty } from '../../components/page.tsx';
import { formatReal } from '../../lib/format.ts';
import { datasetQuery } from '../datasets/queries.ts';
import { PairMatrix } from './network-view/pair-matrix.tsx';
import { PairReader } from './pair-reader.ts';
import type { TableStore } from './table-store.ts';

export interface InformationViewProps {
  readonly job: Job;
  readonly table: ResultTable;
  readonly store: TableStore;
  readonly version: number;
}

export function InformationView({ job, table, store, version }: InformationViewProps) {
  const scheme = useScheme();
  const { dataset: id, series } = job.spec.input;
  const { data: dataset, isPending } = useQuery({ ...datasetQuery(id), enabled: series === undefined, retry: false });
  const order = series ?? dataset?.series;
  const held = useRef<PairReader | null>(null);
  if (held.current?.store !== store) held.current = new PairReader(store, isMutual(job));
  const reader = held.current;
  // The store grows in place; its version tells
  const { names, cells } = useMemo(() => reader.update().pairs(order), [reader, version, order]);
  if (series === undefined && isPending) return null;
  if (names.length === 0) return <Empty title="No rows have arrived yet" />;
  const unit = (table.columns.find(({ name }) => name === 'value') ?? table.columns[1])?.unit ?? '';
  return <PairMatrix label={`${table.title} of ${names.length} series, source by target`} names={names} cells={cells} words={({ source, target, value }) => Number.isNaN(value) ? null : `${names[source] ?? ''} → ${names[target] ?? ''}: ${formatReal(value)} ${unit}`} hint="Point at a cell, click to mark its row." unit={unit} scheme={scheme} selected={null} />;
}

/** Whether a pair counts in both directions, though the table may hold it once. */
function isMutual({ spec: { params } }: Job): boolean {
  return (params['measure'] === 'mi' || params['measure'] === 'cmi') && (params['delay'] ?? 0) === 0;
}
