import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { SeriesQuery } from '@corrente/shared/client/corrente-client';
import type { Table } from 'apache-arrow';
import { corrente } from '../../app/client.ts';
import { realsOf, runsOf } from '../results/arrow-columns.ts';
import type { Points } from '../results/align-lines.ts';

export const datasetsQuery = infiniteQueryOptions({
  queryKey: ['datasets'],
  queryFn: ({ pageParam, signal }) => corrente().datasets({ cursor: pageParam, limit: 50 }, { signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.cursor ?? undefined,
});

export const datasetQuery = (id: string) => queryOptions({ queryKey: ['dataset', id], queryFn: ({ signal }) => corrente().dataset(id, { signal }), staleTime: Number.POSITIVE_INFINITY });

/** Points of each series, reduced for a chart. A data set never changes, so neither do these. */
export const seriesQuery = (id: string, query: SeriesQuery) =>
  queryOptions({
    queryKey: ['series', id, query],
    queryFn: async ({ signal }) => pointsBySeries(await corrente().series(id, query, { signal })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

/** A table of the columns series, time and value, rows of one series together, taken apart. */
function pointsBySeries(table: Table): Map<string, Points> {
  const columns = ['series', 'time', 'value'].map((name) => table.schema.fields.findIndex((field) => field.name === name));
  const found = new Map<string, Points>();
  for (const batch of table.batches) {
    const [times, values] = [realsOf(batch, columns[1]!), realsOf(batch, columns[2]!)];
    for (const { text, from, to } of runsOf(batch, columns[0]!)) {
      const before = found.get(text);
      found.set(text, { x: joined(before?.x, times.subarray(from, to)), y: joined(before?.y, values.subarray(from, to)) });
    }
  }
  return found;
}

function joined(before: Float64Array | undefined, more: Float64Array | Float32Array): Float64Array {
  const all = new Float64Array((before?.length ?? 0) + more.length);
  if (before !== undefined) all.set(before);
  all.set(more, before?.length ?? 0);
  return all;
}
