/** Principal components: how much of the variance each holds, what it is made of, and the rows in their coordinates. */
import { Group, Select, Text } from '@mantine/core';
import type { ResultTable } from '@corrente/shared/contract/result';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { Bars } from '../../../charts/bars/bars.tsx';
import { LineChart } from '../../../charts/line-chart/line-chart.tsx';
import { Empty } from '../../../components/page.tsx';
import { formatCount } from '../../../lib/format.ts';
import { alignLines } from '../align-lines.ts';
import { NoRows } from '../no-rows.tsx';
import { LineChoice } from '../panels-view/line-choice.tsx';
import classes from '../panels-view/panels-view.module.css';
import type { TableStore } from '../table-store.ts';
import { thinned } from '../thinned.ts';
import type { ArrivingTable } from '../use-result-table.ts';
import { componentsIn, loadingBars, varianceBars } from './pca-tables.ts';

export interface PcaViewProps {
  readonly of: 'variance' | 'components' | 'scores';
  readonly table: ResultTable;
  readonly store: TableStore;
  readonly version: number;
  readonly state: ArrivingTable['state'];
}

const views = { variance: Variance, components: Loadings, scores: Scores } as const;

export function PcaView(props: PcaViewProps) {
  const View = views[props.of];
  return props.store.rows === 0 ? <NoRows state={props.state} /> : <View {...props} />;
}

function Variance({ store, version }: PcaViewProps) {
  // The store grows in place; its version tells
  const bars = useMemo(() => varianceBars(store), [store, version]);
  return <Bars label="Explained variance" bars={bars} heads={{ name: 'Component', figure: 'share', note: 'together' }} />;
}

/** As many series as are looked through. */
const mostSeries = 60;

function Loadings({ store, version }: PcaViewProps) {
  const components = useMemo(() => componentsIn(store), [store, version]);
  const [chosen, setChosen] = useState<string | null>(null);
  const component = components.find((one) => String(one) === chosen) ?? components[0] ?? 1;
  const bars = useMemo(() => loadingBars(store, component), [store, version, component]);
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="xs">
        <Select label="Component" size="xs" w={110} data={components.map(String)} value={String(component)} onChange={setChosen} allowDeselect={false} />
        <Text size="xs" c="dimmed">The weight of each series in the component.{bars.length > mostSeries ? ` The strongest ${mostSeries} of ${formatCount(bars.length)}.` : ''}</Text>
      </Group>
      <Bars label={`Loadings of component ${component}`} bars={bars.slice(0, mostSeries)} heads={{ name: 'Series', figure: 'loading' }} />
    </div>
  );
}

/** Lines that are legible at first, and points of each. */
const [atFirst, buckets] = [3, 1500];

function Scores({ table, store, version }: PcaViewProps) {
  const scheme = useScheme();
  const columns = useMemo(() => store.schema.fields.map(({ name }) => name).filter((name) => name !== 'time'), [store]);
  const [shown, setShown] = useState<ReadonlySet<string>>(() => new Set(columns.slice(0, atFirst)));
  const time = table.columns.find(({ name }) => name === 'time')?.type === 'index' ? 'index' : 'timestamp';
  const drawn = columns.filter((name) => shown.has(name));
  const data = useMemo(() => {
    const x = store.numbers(store.columnNamed('time'));
    return alignLines(drawn.map((name) => thinned({ x, y: store.numbers(store.columnNamed(name)) }, buckets)), time);
  }, [store, version, drawn.join('\r'), time]);
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="md">
        <LineChoice columns={columns} shown={shown} onChange={setShown} />
      </Group>
      {drawn.length === 0 ? <Empty title="No line is chosen" /> : <LineChart label="Scores" data={data} lines={drawn.map((name) => ({ name: name.replace('_', ' ') }))} time={time} scheme={scheme} height={380} />}
    </div>
  );
}
