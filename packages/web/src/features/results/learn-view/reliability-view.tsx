/** Whether probabilities keep what they say: the share that came of rows with about the same predicted probability. */
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { LineChart, type Line } from '../../../charts/line-chart/line-chart.tsx';
import { alignLines } from '../align-lines.ts';
import { NoRows } from '../no-rows.tsx';
import classes from '../panels-view/panels-view.module.css';
import type { TableStore } from '../table-store.ts';
import type { ArrivingTable } from '../use-result-table.ts';
import { reliabilityCurves } from './reliability.ts';

/** Classes that are told apart by their colours. */
const mostClasses = 8;
const ends = Float64Array.of(0, 1);

export function ReliabilityView({ store, version, state }: { store: TableStore; version: number; state: ArrivingTable['state'] }) {
  const scheme = useScheme();
  // The store grows in place; its version tells
  const curves = useMemo(() => reliabilityCurves(store).slice(0, mostClasses), [store, version]);
  const data = useMemo(() => alignLines([{ x: ends, y: ends }, ...curves.map(({ points }) => points)], 'index'), [curves]);
  const lines = useMemo((): Line[] => [{ name: 'as predicted', quiet: true }, ...curves.map(({ name }) => ({ name: name === '' ? 'came' : `class ${name}` }))], [curves]);
  if (curves.length === 0) return <NoRows state={state} />;
  return (
    <div className={classes['view']}>
      <Text size="xs" c="dimmed" mb="xs">Predicted probability from left to right, the share that came upwards; on the grey line they are equal, below it the model is too sure.</Text>
      <LineChart label="Reliability" data={data} lines={lines} time="index" scheme={scheme} height={380} limits={[0, 1]} abscissa="predicted" />
    </div>
  );
}
