/** The clusters side by side: their members on one scale, and the mean of these. */
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { palette } from '../../../charts/line-chart/line-chart.tsx';
import { binned, meanLine, standardised } from '../../../charts/small-lines/binned.ts';
import { SmallLines } from '../../../charts/small-lines/small-lines.tsx';
import { formatCoefficient, plural } from '../../../lib/format.ts';
import type { Points } from '../align-lines.ts';
import { useHistory } from '../use-history.ts';
import { groupsOf, type Group } from './cluster-tables.ts';
import classes from './cluster-view.module.css';
import type { ClusterViewProps } from './cluster-view.tsx';

/** Lines of one panel, and of all together, that are read from the data set; names that are told. */
const [mostLines, mostRead, mostNames] = [24, 160, 30];
const bins = 150;

interface DrawnGroup {
  readonly group: Group;
  readonly lines: readonly Float64Array[];
  readonly mean: Float64Array;
}

export function MemberPanels({ job, store, version, time }: ClusterViewProps & { readonly time: 'timestamp' | 'index' }) {
  const scheme = useScheme();
  // The store grows in place; its version tells
  const groups = useMemo(() => groupsOf(store), [store, version]);
  const each = Math.max(1, Math.min(mostLines, Math.floor(mostRead / Math.max(1, groups.length))));
  const names = useMemo(() => groups.flatMap(({ members }) => members.slice(0, each).map(({ series }) => series)).slice(0, mostRead), [groups, each]);
  const history = useHistory(job, names, null, time);
  const drawn = useMemo(() => groups.map((group): DrawnGroup => drawnGroup(group, history)), [groups, history]);
  const limits = useMemo(() => limitsOf(drawn), [drawn]);
  return (
    <>
      <Text size="xs" c="dimmed" mb="sm">Each series {job.spec.input.transform === 'none' ? '' : 'before its transform, '}in standard deviations about its mean, and their mean. At most {each} of a cluster are drawn, those that belong to it most clearly.</Text>
      <ul className={classes['panels']}>
        {drawn.map(({ group, lines, mean }) => (
          <li key={group.cluster} className={classes['panel']}>
            <Text fw={550} size="sm">Cluster {group.cluster}</Text>
            <Text size="xs" c="dimmed">{plural(group.members.length, 'series', 'series')}{Number.isNaN(group.silhouette) ? '' : `, silhouette ${formatCoefficient(group.silhouette, 3)}`}</Text>
            <SmallLines label={`Cluster ${group.cluster}`} lines={lines} mean={mean} colour={clusterColour(group.cluster, scheme)} limits={limits} />
            <Text size="xs">{namesOf(group)}</Text>
          </li>
        ))}
      </ul>
    </>
  );
}

export function clusterColour(cluster: number, scheme: 'light' | 'dark'): string {
  const colours = palette[scheme];
  return colours[(cluster - 1) % colours.length]!;
}

function drawnGroup(group: Group, history: ReadonlyMap<string, Points>): DrawnGroup {
  const found = group.members.flatMap(({ series }) => history.get(series) ?? []);
  const [from, to] = [Math.min(...[...history.values()].map(({ x }) => x[0] ?? Number.POSITIVE_INFINITY)), Math.max(...[...history.values()].map(({ x }) => x.at(-1) ?? Number.NEGATIVE_INFINITY))];
  const lines = found.map((points) => standardised(binned(points, from, to, Math.min(bins, points.x.length))));
  const grid = Math.max(0, ...lines.map((line) => line.length));
  return { group, lines, mean: meanLine(lines.filter((line) => line.length === grid)) };
}

function limitsOf(drawn: readonly DrawnGroup[]): [number, number] {
  let [least, largest] = [-1, 1];
  for (const { lines } of drawn) for (const line of lines) for (const value of line) if (!Number.isNaN(value)) [least, largest] = [Math.min(least, value), Math.max(largest, value)];
  return [least, largest];
}

function namesOf({ members }: Group): string {
  const names = members.slice(0, mostNames).map(({ series }) => series).join(', ');
  return members.length > mostNames ? `${names} and ${members.length - mostNames} more` : names;
}
