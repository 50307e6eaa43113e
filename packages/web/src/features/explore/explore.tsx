/**
 * Series explored live: a statistic over a window that follows a slider, and the correlation of what is in sight, both
 * computed in the page.
 */
import { Alert, Button, Center, Group, Loader, NumberInput, SegmentedControl, Select, Slider, Stack, Text } from '@mantine/core';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { useScheme } from '../../app/use-scheme.ts';
import { LineChart, type Line } from '../../charts/line-chart/line-chart.tsx';
import { formatCount, formatMilliseconds, plural } from '../../lib/format.ts';
import { draftAddress } from '../analyses/draft-address.ts';
import { alignLines, type Points } from '../results/align-lines.ts';
import { CorrelationGrid } from './correlation-grid.tsx';
import { drawnRows } from './drawn-rows.ts';
import type { Correlated, ExploreRequest, PairsInSight } from './explore-work.ts';
import classes from './explore.module.css';
import { rowsWithin, sampledRows, sharedRows } from './shared-rows.ts';
import { statistics, type Statistic } from './statistics.ts';
import { useExplorer } from './use-explorer.ts';
import { leastWindow, mostWindow, placeOf, sliderSteps, windowAt } from './window-scale.ts';
import { useZoom } from './zoom.ts';

/** Even steps at which reduced lines are read. */
const samples = 4000;
const firstWindow = 20;
const heights = { alone: 340, over: 260, below: 170 };

export interface ExploreProps {
  readonly dataset: Dataset;
  readonly field: string;
  readonly names: readonly string[];
  readonly points: ReadonlyMap<string, Points>;
  /** Whether `points` are those of a reduced line, and not all there are. */
  readonly reduced: boolean;
}

export function Explore({ dataset, field, names, points, reduced }: ExploreProps) {
  const scheme = useScheme();
  const rows = useMemo(() => {
    const lines = names.map((name) => points.get(name)!);
    return reduced ? sampledRows(lines, samples) : sharedRows(lines);
  }, [names, points, reduced]);
  const { times, block } = rows;
  const seconds = useMemo(() => Array.from(times, (time) => (dataset.timeKind === 'timestamp' ? time * 1e-6 : time)), [times, dataset.timeKind]);
  const { link, range } = useZoom(seconds);
  const [name, setName] = useState<Statistic['name'] | 'none'>('sma');
  const [method, setMethod] = useState<PairsInSight['method']>('pearson');
  const [of, setOf] = useState<Correlated>('values');
  const most = mostWindow(block.length);
  const [place, setPlace] = useState(() => placeOf(firstWindow, most));
  const window = windowAt(Math.min(sliderSteps, place), most);
  const statistic = statistics.find((one) => one.name === name);
  const sight = useMemo(() => (range === null ? { from: 0, to: block.length } : rowsWithin(Float64Array.from(seconds), range.min, range.max)), [range, seconds, block.length]);
  const pairsOf = of === 'average' && statistic === undefined ? 'values' : of;
  const request = useMemo<ExploreRequest>(
    () => ({ average: statistic === undefined ? null : { kind: statistic.kind, window }, pairs: names.length < 2 ? null : { method, of: pairsOf, ...sight } }),
    [statistic, window, names.length, method, pairsOf, sight],
  );
  const { exploration, failure } = useExplorer(block, request);

  const answered = exploration?.answer.lines ?? null;
  const computed = useMemo(() => names.map((_, s) => answered?.subarray(s * block.length, (s + 1) * block.length) ?? null), [answered, names, block]);
  const raw = useMemo(() => names.map((_, s) => block.values.subarray(s * block.length, (s + 1) * block.length)), [names, block]);
  const drawn = useMemo(() => drawnRows(raw, block.length, sight.from, sight.to), [raw, block.length, sight]);
  const linesOver = useMemo<Line[]>(
    () => [...names.map((one) => ({ name: one, quiet: statistic?.overSeries === true })), ...(statistic?.overSeries === true ? names.map((one) => ({ name: `${one} ${statistic.name}` })) : [])],
    [names, statistic],
  );
  const linesBelow = useMemo<Line[]>(() => (statistic === undefined || statistic.overSeries ? [] : names.map((one) => ({ name: `${one} ${statistic.name}` }))), [names, statistic]);
  const table = (columns: readonly (Float64Array | Float32Array | null)[]) => {
    const x = Float64Array.from(drawn, (row) => times[row]!);
    return alignLines(columns.map((values) => ({ x, y: Float64Array.from(drawn, (row) => values?.[row] ?? Number.NaN) })), dataset.timeKind);
  };
  const dataOver = useMemo(() => table(statistic?.overSeries === true ? [...raw, ...computed] : raw), [drawn, raw, computed, statistic]);
  const dataBelow = useMemo(() => table(computed), [drawn, computed]);

  const rowsPerStep = reduced ? dataset.timePoints / block.length : 1;
  const inRows = Math.round(window * rowsPerStep);
  const input = { field, series: [...names], ...boundsOf(dataset, times, sight) };
  const title = statistic?.title.toLowerCase();
  return (
    <div className={classes['layout']}>
      <div>
        <div className={classes['controls']}>
          <Select
            label="Statistic"
            size="xs"
            allowDeselect={false}
            data={[{ value: 'none', label: 'None' }, ...statistics.map((one) => ({ value: one.name, label: one.title }))]}
            value={name}
            onChange={(value) => setName(statistics.find((one) => one.name === value)?.name ?? 'none')}
          />
          <div className={classes['slider']}>
            <Slider size="sm" min={0} max={sliderSteps} step={0.5} disabled={statistic === undefined} value={place} onChange={setPlace} label={(at) => plural(windowAt(at, most), 'row')} thumbLabel="Window" />
          </div>
          <NumberInput label="Window" size="xs" disabled={statistic === undefined} min={leastWindow} max={most} allowDecimal={false} value={window} onChange={(value) => typeof value === 'number' && value >= leastWindow && setPlace(placeOf(value, most))} />
        </div>
        <LineChart label={`Exploring ${names.join(', ')}`} data={dataOver} lines={linesOver} time={dataset.timeKind} scheme={scheme} height={linesBelow.length > 0 ? heights.over : heights.alone} link={link} />
        {linesBelow.length > 0 && (
          <div className={classes['below']}>
            <LineChart label={`${statistic?.title ?? ''} of ${names.join(', ')}`} data={dataBelow} lines={linesBelow} time={dataset.timeKind} scheme={scheme} height={heights.below} link={link} />
          </div>
        )}
        <Group justify="space-between" mt="sm" gap="xs">
          <Text size="xs" c="dimmed" role="status" aria-label="Computed here">
            {exploration === null ? 'Computing in this page …' : `On ${exploration.answer.backend}, ${formatMilliseconds(exploration.answer.milliseconds)}`} · {extentInWords(dataset, block.length, reduced)}
          </Text>
          {statistic !== undefined && (
            <Button component={Link} variant="default" size="compact-xs" to={draftAddress({ dataset: dataset.id, analysis: 'moving-average', input: { field, series: [...names] }, params: { kinds: [statistic.name], windows: [inRows] } })}>
              Run this {title} on the server
            </Button>
          )}
        </Group>
      </div>
      <Stack className={classes['side']} gap="xs">
        <Group gap="xs">
          <SegmentedControl size="xs" aria-label="Method" value={method} onChange={(value) => setMethod(value === 'spearman' ? 'spearman' : 'pearson')} data={[{ value: 'pearson', label: 'Pearson' }, { value: 'spearman', label: 'Spearman' }]} />
          <Select
            size="xs"
            w={130}
            aria-label="Correlation of"
            allowDeselect={false}
            data={[{ value: 'values', label: 'Values' }, { value: 'log-returns', label: 'Log returns' }, { value: 'average', label: 'The statistic', disabled: statistic === undefined }]}
            value={pairsOf}
            onChange={(value) => setOf(value === 'log-returns' || value === 'average' ? value : 'values')}
          />
        </Group>
        {names.length < 2 ? (
          <Text size="sm" c="dimmed">Choose a second series to see how closely they move together.</Text>
        ) : exploration?.answer.r == null ? (
          <Center h={160}><Loader size="sm" aria-label="Computing" /></Center>
        ) : (
          <CorrelationGrid label={`${method === 'pearson' ? 'Pearson' : 'Spearman'} correlation in sight`} names={names} r={exploration.answer.r} scheme={scheme} />
        )}
        {names.length >= 2 && (
          <Text className={classes['small']}>
            Over {plural(sight.to - sight.from, reduced ? 'point' : 'row')} in sight{range === null ? '; drag over the chart to look closer.' : '.'}
          </Text>
        )}
        {names.length >= 2 && pairsOf !== 'average' && (
          <Button
            component={Link}
            variant="default"
            size="compact-xs"
            style={{ alignSelf: 'flex-start' }}
            to={draftAddress({ dataset: dataset.id, analysis: 'correlation', input: { ...input, ...(pairsOf === 'log-returns' ? { transform: 'log-return' as const } : {}) }, params: { method } })}
          >
            Run this correlation on the server
          </Button>
        )}
        {failure !== null && <Alert color="red" title="The page could not compute this">{failure}</Alert>}
      </Stack>
    </div>
  );
}

/** The first and last time in sight, where it is not everything. */
function boundsOf({ timeKind }: Dataset, times: Float64Array, { from, to }: { readonly from: number; readonly to: number }): { from?: string | number; to?: string | number } {
  if (to <= from || to - from === times.length) return {};
  const bound = (time: number): string | number => (timeKind === 'index' ? Math.round(time) : new Date(time / 1000).toISOString());
  return { from: bound(times[from]!), to: bound(times[to - 1]!) };
}

function extentInWords({ timePoints }: Dataset, length: number, reduced: boolean): string {
  if (reduced) return `on the reduced line: ${formatCount(timePoints)} rows as ${formatCount(length)} points, so only nearly right; the server takes every row`;
  return length === timePoints ? `all ${plural(length, 'row')}` : `the ${plural(length, 'row')} of ${formatCount(timePoints)} in which one of them has a value`;
}
