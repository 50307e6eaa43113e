/** Local values: what each moment contributes to a measure, as a line, with their mean, which is the measure. */
import { Text } from '@mantine/core';
import type { ResultTable } from '@corrente/shared/contract/result';
import { useMemo } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { LineChart, type Line } from '../../../charts/line-chart/line-chart.tsx';
import { Empty } from '../../../components/page.tsx';
import { formatReal } from '../../../lib/format.ts';
import { alignLines } from '../align-lines.ts';
import classes from '../panels-view/panels-view.module.css';
import type { TableStore } from '../table-store.ts';
import { localLine, meanOf } from './local-line.ts';

export interface LocalViewProps {
  readonly table: ResultTable;
  readonly store: TableStore;
  readonly version: number;
}

const lines: readonly Line[] = [{ name: 'local value' }];

export function LocalView({ table, store, version }: LocalViewProps) {
  const scheme = useScheme();
  const kind = table.columns.find(({ name }) => name === 'time')?.type === 'timestamp' ? 'timestamp' : 'index';
  const unit = table.columns.find(({ name }) => name === 'value')?.unit ?? '';
  // The store grows in place; its version tells
  const { data, time, mean } = useMemo(() => {
    const values = store.numbers(store.columnNamed('value'));
    const line = localLine(store.numbers(store.columnNamed('time')), values, kind);
    return { data: alignLines([line.points], line.time), time: line.time, mean: meanOf(values) };
  }, [store, version, kind]);
  if (store.rows === 0) return <Empty title="No rows have arrived yet" />;
  return (
    <div className={classes['view']}>
      <Text size="xs" c="dimmed" mb="xs">In {unit}; mean {Number.isNaN(mean) ? 'none' : formatReal(mean)}. Drag to zoom, double click for all.</Text>
      <LineChart label={table.title} data={data} lines={lines} time={time} scheme={scheme} height={380} />
    </div>
  );
}
