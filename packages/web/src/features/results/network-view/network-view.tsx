/** An inferred network while it grows and when it is done: as a graph or a matrix, filtered, with a panel for one process. */
import { Alert, Text } from '@mantine/core';
import { finalStates, type Job } from '@corrente/shared/contract/job';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { layoutOf, type LayoutName } from '../../../charts/network/layout.ts';
import { everyLink, linkRanges, passes, subnetwork, type LinkFilter, type Network, type NetworkLink } from '../../../charts/network/network.ts';
import { NetworkGraph, type Pointed } from '../../../charts/network/network-graph.tsx';
import { networkSvg } from '../../../charts/network/network-svg.ts';
import { Empty } from '../../../components/page.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { formatReal, plural } from '../../../lib/format.ts';
import { NetworkExport, pictureRoom } from './network-export.tsx';
import { NetworkFilters } from './network-filters.tsx';
import { NetworkLegend } from './network-legend.tsx';
import { NetworkTarget } from './network-target.tsx';
import classes from './network-view.module.css';
import { mostWritten, PairMatrix } from './pair-matrix.tsx';
import { useNetwork, type NetworkNow } from './use-network.ts';

export interface NetworkViewProps {
  readonly job: Job;
  readonly as: 'graph' | 'matrix';
}

/** With more series than this, those without any link are left out at first. */
const mostUnlinked = 40;

export function NetworkView({ job, as }: NetworkViewProps) {
  const now = useNetwork(job);
  if (now.error !== null && now.network === null) return <div className={classes['alone']}><ProblemAlert error={now.error} /></div>;
  if (now.network === null) return <Empty title="Waiting for the first links" />;
  return <Drawn job={job} as={as} network={now.network} rows={now.rows} error={now.error} />;
}

interface DrawnProps extends NetworkViewProps {
  readonly network: Network;
  readonly rows: NetworkNow['rows'];
  readonly error: Error | null;
}

function Drawn({ job, as, network, rows, error }: DrawnProps) {
  const scheme = useScheme();
  const [layout, setLayout] = useState<LayoutName>('force');
  const [filter, setFilter] = useState<LinkFilter>({ ...everyLink, significantOnly: true });
  const [linkedOnly, setLinkedOnly] = useState(network.names.length > mostUnlinked);
  const [name, setName] = useState<string | null>(null);
  const [pointed, setPointed] = useState<Pointed>(null);
  const unit = job.tables.find((table) => table.name === 'links')?.columns.find((column) => column.name === 'te')?.unit ?? 'nats';
  const ranges = useMemo(() => linkRanges(network.links), [network]);

  // Where processes stand is decided by all links that count, so that a filter hides links and moves nothing.
  const counted = useMemo(() => network.links.filter((link) => !filter.significantOnly || link.significant !== false), [network, filter.significantOnly]);
  const placed = useMemo(() => {
    const linked = new Set(counted.flatMap(({ source, target }) => [source, target]));
    return subnetwork({ names: network.names, links: counted }, (place) => !linkedOnly || linked.has(place));
  }, [network, counted, linkedOnly]);
  const points = useMemo(() => layoutOf(layout, placed), [layout, placed]);
  const shown = useMemo<Network>(() => ({ names: placed.names, links: placed.links.filter((link) => passes(link, filter)) }), [placed, filter]);
  const cells = useMemo(() => shown.links.map(({ source, target, te }) => ({ source, target, value: te })), [shown]);
  const byPair = useMemo(() => new Map(shown.links.map((link) => [link.source * shown.names.length + link.target, link])), [shown]);

  const selected = name === null ? null : placeOrNull(shown.names.indexOf(name));
  const inAll = name === null ? null : placeOrNull(network.names.indexOf(name));
  const running = !finalStates.has(job.state);
  const select = (place: number | null) => setName(place === null ? null : (shown.names[place] ?? null));
  const exported = useMemo(() => {
    const kept = new Set(shown.links.map(({ source, target }) => pairKey(shown.names[source]!, shown.names[target]!)));
    return rows().filter(({ source, target }) => kept.has(pairKey(source, target)));
  }, [shown, rows]);
  const label = `Network of ${plural(shown.names.length, 'process', 'processes')} and ${plural(shown.links.length, 'link')}`;

  return (
    <div className={classes['view']}>
      <div className={classes['bar']}>
        <NetworkFilters filter={filter} onFilter={setFilter} ranges={ranges} unit={unit} layout={as === 'graph' ? layout : null} onLayout={setLayout} linkedOnly={linkedOnly} onLinkedOnly={setLinkedOnly} />
        <NetworkExport links={exported} processes={shown.names} picture={() => networkSvg({ title: label, network: shown, points, layout, strongest: ranges.te, scheme, room: pictureRoom })} />
      </div>
      {error !== null && <ProblemAlert error={error} />}
      <Text size="xs" component="output" className={classes['readout']} aria-label="What is pointed at">
        {pointedText(shown, pointed, unit) ?? (
          <span className={classes['hint']}>
            {shown.links.length === network.links.length ? plural(shown.links.length, 'link') : `${shown.links.length} of ${plural(network.links.length, 'link')}`}
            {running ? ' so far' : ''}. {as === 'graph' ? 'Point at a series or a link; click a series to see its tests. Drag to move, Ctrl + wheel to zoom.' : shown.names.length <= mostWritten ? 'Each cell holds the lag. Click a target to see its tests.' : ''}
          </span>
        )}
      </Text>
      <div className={classes['layout']} data-open={inAll !== null}>
        <div className={classes['picture']}>
          {shown.names.length === 0 ? (
            <Empty title={running ? 'No link has been found yet' : 'No series has a link'}>{running ? 'Links appear here as they are found.' : 'Show all series, or let more links through.'}</Empty>
          ) : as === 'graph' ? (
            <NetworkGraph label={label} network={shown} points={points} layout={layout} strongest={ranges.te} scheme={scheme} pointed={pointed} onPointed={setPointed} selected={selected} onSelect={select} />
          ) : (
            <PairMatrix
              label={`${label}, source by target`}
              names={shown.names}
              cells={cells}
              text={({ source, target }) => lagOf(byPair.get(source * shown.names.length + target))}
              words={({ source, target }) => linkText(shown, byPair.get(source * shown.names.length + target), unit)}
              absent={0}
              hint="Point at a cell; click it to see the tests of its target."
              unit={unit}
              scheme={scheme}
              selected={selected}
              onSelect={select}
            />
          )}
          {as === 'graph' && shown.links.length > 0 && <NetworkLegend network={shown} strongest={ranges.te} unit={unit} scheme={scheme} />}
          {!running && shown.names.length > 0 && network.links.length === 0 && <Alert m="md" color="gray" title="No links">No series was found to drive another, at this level of significance.</Alert>}
        </div>
        {inAll !== null && <NetworkTarget key={name} job={job} network={network} place={inAll} unit={unit} onSelect={(place) => setName(place === null ? null : (network.names[place] ?? null))} />}
      </div>
    </div>
  );
}

function pairKey(source: string, target: string): string {
  return JSON.stringify([source, target]);
}

function placeOrNull(index: number): number | null {
  return index === -1 ? null : index;
}

function lagOf(link: NetworkLink | undefined): string {
  return link === undefined || Number.isNaN(link.lag) ? '' : String(link.lag);
}

function pointedText(network: Network, pointed: Pointed, unit: string): string | null {
  if (pointed === null) return null;
  if (pointed.kind === 'link') return linkText(network, network.links[pointed.place], unit);
  const name = network.names[pointed.place];
  if (name === undefined) return null;
  const list = (names: (string | undefined)[]) => (names.length === 0 ? 'none' : names.length > 8 ? plural(names.length, 'series', 'series') : names.join(', '));
  const into = network.links.filter(({ target }) => target === pointed.place).map(({ source }) => network.names[source]);
  const outOf = network.links.filter(({ source }) => source === pointed.place).map(({ target }) => network.names[target]);
  return `${name}: driven by ${list(into)}; drives ${list(outOf)}`;
}

function linkText(network: Network, link: NetworkLink | undefined, unit: string): string | null {
  if (link === undefined) return null;
  const { source, target, lag, te, p, significant } = link;
  const verdict = significant === null ? 'provisional' : significant ? 'significant' : 'not significant';
  return [`${network.names[source]} → ${network.names[target]}`, ...(Number.isNaN(lag) ? [] : [`lag ${lag}`]), `te ${formatReal(te)} ${unit}`, ...(Number.isNaN(p) ? [] : [`p ${Number(p.toPrecision(3))}`]), verdict].join(', ');
}
