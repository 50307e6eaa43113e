/** Predictions of a model of one series: over time beside what came, or against it; forecasts as forecasts are drawn. */
import { Group, SegmentedControl, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { LineChart, type Line } from '../../../charts/line-chart/line-chart.tsx';
import { SeriesSelect } from '../../../components/series-select.tsx';
import { alignLines } from '../align-lines.ts';
import { ForecastView, type ForecastViewProps } from '../forecast-view/forecast-view.tsx';
import { NoRows } from '../no-rows.tsx';
import classes from '../panels-view/panels-view.module.css';
import { SeriesIndex } from '../series-index.ts';
import { thinned } from '../thinned.ts';
import { hasTwoClasses, holdsForecasts, predictionRows, scatter, type PredictionRows } from './prediction-rows.ts';

/** More are not told apart on a screen. */
const buckets = 3000;

export function PredictionsView(props: ForecastViewProps) {
  if (props.store.rows === 0) return <NoRows state={props.state} />;
  return holdsForecasts(props.store) ? <ForecastView {...props} /> : <Predictions {...props} />;
}

function Predictions({ table, store, version, state }: ForecastViewProps) {
  const scheme = useScheme();
  const index = useMemo(() => new SeriesIndex(store, store.columnNamed('series')), [store]);
  // The store grows in place; its version tells
  const names = useMemo(() => index.update().names, [index, version]);
  const [chosen, setChosen] = useState(0);
  const [as, setAs] = useState<'time' | 'against'>('time');
  const name = names[chosen] ?? names[0];
  const time = table.columns.find((column) => column.name === 'time')?.type === 'index' ? 'index' : 'timestamp';
  const rows = useMemo(() => (name === undefined ? null : predictionRows(store, index, name)), [store, index, name, version]);
  const classified = rows?.probability.some((value) => !Number.isNaN(value)) === true;
  const came = rows?.y.some((value) => !Number.isNaN(value)) === true;
  const { data, lines } = useMemo(() => (rows === null ? { data: [[]] as [number[]], lines: [] } : as === 'against' && !classified ? against(rows) : overTime(rows, classified, time)), [rows, as, classified, time]);
  if (name === undefined) return <NoRows state={state} />;
  const drawnAgainst = as === 'against' && !classified;
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="md">
        <SeriesSelect label="Series" names={names} value={names.indexOf(name)} onChange={(next) => setChosen(next ?? 0)} clearable={false} w={180} />
        {!classified && came && <SegmentedControl size="xs" aria-label="Predictions" data={[{ value: 'time', label: 'Over time' }, { value: 'against', label: 'Against what came' }]} value={as} onChange={(value) => setAs(value === 'against' ? 'against' : 'time')} />}
        <Text size="xs" c="dimmed" ml="auto">{drawnAgainst ? 'Predicted from left to right, what came upwards; on the grey line they are equal.' : classified ? 'Dots: the class that came.' : 'Drag to zoom, double click for all.'}</Text>
      </Group>
      <LineChart label={drawnAgainst ? `What came against what was predicted of ${name}` : `Predictions of ${name}`} data={data} lines={lines} time={drawnAgainst ? 'index' : time} scheme={scheme} height={380} abscissa={drawnAgainst ? 'predicted' : 'row'} />
    </div>
  );
}

function overTime({ time: x, y, yhat, probability }: PredictionRows, classified: boolean, time: 'timestamp' | 'index') {
  const [lines, drawn] = classified ? (hasTwoClasses({ y, yhat }) ? twoClasses(y, probability) : manyClasses(y, yhat)) : numbers(y, yhat);
  return { data: alignLines(drawn.map((values) => thinned({ x, y: values }, buckets)), time), lines };
}

type Drawn = readonly [lines: readonly Line[], values: readonly Float64Array[]];
const numbers = (y: Float64Array, yhat: Float64Array): Drawn => [[{ name: 'what came', quiet: true }, { name: 'predicted' }], [y, yhat]];
const twoClasses = (y: Float64Array, probability: Float64Array): Drawn => [[{ name: 'probability of 1' }, { name: 'class', dots: true }], [probability, y]];
const manyClasses = (y: Float64Array, yhat: Float64Array): Drawn => [[{ name: 'predicted class', dots: true }, { name: 'class', dots: true }], [yhat, y]];

function against(rows: PredictionRows) {
  const points = scatter(rows);
  const lines: Line[] = [{ name: 'equal', quiet: true }, { name: 'what came', dots: true }];
  return { data: alignLines([{ x: points.x, y: points.x }, points], 'index'), lines };
}
