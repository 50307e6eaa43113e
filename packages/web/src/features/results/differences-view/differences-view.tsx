/** The differences between two networks: as a graph, colour by the side that a link is stronger in, or as a matrix. */
import { Text } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { layoutOf, type LayoutName } from '../../../charts/network/layout.ts';
import { NetworkGraph, type Pointed } from '../../../charts/network/network-graph.tsx';
import { everyLink, linkRanges, passes, subnetwork, type LinkFilter, type Network } from '../../../charts/network/network.ts';
import { Empty } from '../../../components/page.tsx';
import { plural } from '../../../lib/format.ts';
import { datasetQuery } from '../../datasets/queries.ts';
import { NetworkFilters } from '../network-view/network-filters.tsx';
import network from '../network-view/network-view.module.css';
import { PairMatrix } from '../network-view/pair-matrix.tsx';
import type { TableStore } from '../table-store.ts';
import { ComparedResults, useCompared } from './compared-results.tsx';
import { DifferenceLegend } from './difference-legend.tsx';
import { differenceNetwork, differenceRows, differenceText, type DifferenceRow } from './difference-rows.ts';

export interface DifferencesViewProps {
  readonly job: Job;
  readonly store: TableStore;
  readonly version: number;
  readonly as: 'graph' | 'matrix';
}

export function DifferencesView({ job, store, version, as }: DifferencesViewProps) {
  const scheme = useScheme();
  const compared = useCompared(job);
  const { dataset: id, series } = job.spec.input;
  const { data: dataset } = useQuery({ ...datasetQuery(id), enabled: series === undefined, retry: false });
  const names = series ?? dataset?.series;
  const [layout, setLayout] = useState<LayoutName>('force');
  const [filter, setFilter] = useState<LinkFilter>({ ...everyLink, significantOnly: true });
  const [linkedOnly, setLinkedOnly] = useState(false);
  const [pointed, setPointed] = useState<Pointed>(null);
  const [selected, setSelected] = useState<string | null>(null);

  // The store grows in place; its version tells
  const all = useMemo(() => differenceNetwork(differenceRows(store), names), [store, version, names]);
  const ranges = useMemo(() => linkRanges(all.links), [all]);
  const placed = useMemo(() => {
    const linked = new Set(all.links.flatMap(({ source, target }) => [source, target]));
    return subnetwork(all, (place) => !linkedOnly || linked.has(place));
  }, [all, linkedOnly]);
  const points = useMemo(() => layoutOf(layout, placed), [layout, placed]);
  const shown = useMemo<Network>(() => ({ names: placed.names, links: placed.links.filter((link) => passes(link, filter)) }), [placed, filter]);
  const byPair = useMemo(() => new Map(shown.links.map(({ source, target }) => [source * shown.names.length + target, all.rowOf({ source: placed.places[source]!, target: placed.places[target]! })])), [shown, all, placed]);
  const rowOf = (source: number, target: number): DifferenceRow | undefined => byPair.get(source * shown.names.length + target);
  const cells = useMemo(() => shown.links.map(({ source, target, te, side }) => ({ source, target, value: side === 'b' ? -te : te })), [shown]);

  const place = selected === null ? -1 : shown.names.indexOf(selected);
  const select = (next: number | null) => setSelected(next === null ? null : (shown.names[next] ?? null));
  const words = (row: DifferenceRow | undefined) => (row === undefined ? null : differenceText(row, compared.unit));
  const link = pointed?.kind === 'link' ? shown.links[pointed.place] : undefined;
  const label = `Differences of ${plural(shown.names.length, 'process', 'processes')} and ${plural(shown.links.length, 'link')}`;

  return (
    <div className={network['view']}>
      <ComparedResults compared={compared} scheme={scheme} />
      <div className={network['bar']}>
        <NetworkFilters filter={filter} onFilter={setFilter} ranges={ranges} unit={compared.unit} layout={as === 'graph' ? layout : null} onLayout={setLayout} linkedOnly={linkedOnly} onLinkedOnly={setLinkedOnly} size="difference" />
      </div>
      <Text size="xs" component="output" className={network['readout']} aria-label="What is pointed at">
        {(link === undefined ? null : words(rowOf(link.source, link.target))) ?? (
          <span className={network['hint']}>
            {shown.links.length === all.links.length ? plural(all.links.length, 'link') : `${shown.links.length} of ${plural(all.links.length, 'link')}`} compared. {as === 'graph' ? 'Point at a link to read it. Drag to move, Ctrl + wheel to zoom.' : 'Each cell holds te of a less te of b.'}
          </span>
        )}
      </Text>
      <div className={network['picture']}>
        {shown.names.length === 0 ? (
          <Empty title="No link was compared">Neither of the results holds one.</Empty>
        ) : as === 'graph' ? (
          <>
            <NetworkGraph label={label} network={shown} points={points} layout={layout} strongest={ranges.te} scheme={scheme} pointed={pointed} onPointed={setPointed} selected={place === -1 ? null : place} onSelect={select} />
            {shown.links.length > 0 && <DifferenceLegend network={shown} strongest={ranges.te} unit={compared.unit} scheme={scheme} />}
          </>
        ) : (
          <PairMatrix label={`${label}, source by target`} names={shown.names} cells={cells} words={({ source, target }) => words(rowOf(source, target))} absent={0} hint="Red is stronger in a, blue in b." unit={compared.unit} scheme={scheme} selected={null} />
        )}
      </div>
    </div>
  );
}
