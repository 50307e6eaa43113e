/** Information between all ordered pairs of series, as a matrix that fills row by row. */
import { useQuery } from '@tanstack/react-query';
import type { Job } from '@corrente/shared/contract/job';
import type { ResultTable } from '@corrente/shared/contract/result';
import { useMemo, useRef } from 'react';
import { useScheme } from '../../app/use-scheme.ts';
import { Empty } from '../../components/page.tsx';
import { formatReal } from '../../lib/format.ts';
import { datasetQuery } from '../datasets/queries.ts';
import { realsOf } from './arrow-columns.ts';
import { PairMatrix } from './network-view/pair-matrix.tsx';
import type { PairCell } from './network-view/pairs.ts';
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
  const given = series ?? dataset?.series;
  const { names, cells } = usePairs(store, version, given);
  const unit = table.columns.find((column) => column.name === 'value')?.unit ?? unitOf(store);
  if (series === undefined && isPending) return null;
  if (names.length === 0) return <Empty title="No rows have arrived yet" />;
  return <PairMatrix label={`${table.title}, source by target, ${names.length} series`} names={names} cells={cells} words={({ source, target, value }) => `${names[source] ?? ''} → ${names[target] ?? ''}: ${formatReal(value)} ${unit}`} hint="Point at a cell, click to mark its row." unit={unit} scheme={scheme} selected={null} />;
}

/** Pairs by the places of their names; those that the data set does not name follow. Batches are read once each. */
function usePairs(store: TableStore, version: number, given: readonly string[] | undefined): { readonly names: readonly string[]; readonly cells: readonly PairCell[] } {
  const held = useRef<{ store: TableStore; given: readonly string[] | undefined; places: Map<string, number>; cells: PairCell[]; batches: number } | null>(null);
  return useMemo(() => {
    if (held.current?.store !== store || held.current.given !== given) held.current = { store, given, places: new Map(given?.map((name, place) => [name, place])), cells: [], batches: 0 };
    const { places, cells } = held.current;
    const [source, target, value] = ['source', 'target', 'value'].map((column) => store.columnNamed(column)) as [number, number, number];
    const placeOf = (name: unknown) => {
      const known = places.get(String(name));
      if (known !== undefined) return known;
      places.set(String(name), places.size);
      return places.size - 1;
    };
    for (; held.current.batches < store.batches.length; held.current.batches++) {
      const batch = store.batches[held.current.batches]!;
      const [sources, targets, values] = [batch.getChildAt(source), batch.getChildAt(target), realsOf(batch, value)];
      for (let row = 0; row < batch.numRows; row++) cells.push({ source: placeOf(sources?.get(row)), target: placeOf(targets?.get(row)), value: values[row]! });
    }
    return { names: [...places.keys()], cells: [...cells] };
    // The store grows in place; its version tells
  }, [store, version, given]);
}

/** Where the unit stands in each row. */
function unitOf(store: TableStore): string {
  const column = store.columnNamed('unit');
  return column === -1 || store.rows === 0 ? '' : store.text(column, 0);
}
