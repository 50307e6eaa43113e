/** The errors of a forecast on its test rows, beside those of the last value repeated: by series, or by step. */
import { Group, SegmentedControl, Text } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { Bars } from '../../../charts/bars/bars.tsx';
import { LineChart, type Line } from '../../../charts/line-chart/line-chart.tsx';
import { formatShort } from '../../../lib/format.ts';
import { modelNames } from '../../analyses/model-names.ts';
import { alignLines } from '../align-lines.ts';
import { comparisonSentence, metricWords } from '../compare-words.ts';
import { NoRows } from '../no-rows.tsx';
import classes from '../panels-view/panels-view.module.css';
import type { TableStore } from '../table-store.ts';
import type { ArrivingTable } from '../use-result-table.ts';
import { byStep, errorBars, errorsBySeries, type ErrorMetric } from './error-tables.ts';

export interface ErrorsViewProps {
  readonly by: 'series' | 'step';
  readonly job: Job;
  readonly store: TableStore;
  readonly version: number;
  readonly state: ArrivingTable['state'];
}

const against = 'repeating the last value';
const units = { mse: 'squared standard deviations of the train rows', mae: 'standard deviations of the train rows' } as const;

export function ErrorsView(props: ErrorsViewProps) {
  const [metric, setMetric] = useState<ErrorMetric>('mse');
  const View = props.by === 'series' ? BySeries : ByStep;
  if (props.store.rows === 0) return <NoRows state={props.state} />;
  return (
    <div className={classes['view']}>
      <Group align="center" gap="md" mb="xs">
        <SegmentedControl size="xs" aria-label="Error" data={[{ value: 'mse', label: 'Squared' }, { value: 'mae', label: 'Absolute' }]} value={metric} onChange={(value) => setMetric(value === 'mae' ? 'mae' : 'mse')} />
        <Text size="xs" c="dimmed">In {units[metric]}.</Text>
      </Group>
      <View {...props} metric={metric} />
    </div>
  );
}

interface OfMetric extends ErrorsViewProps {
  readonly metric: ErrorMetric;
}

function modelOf({ spec: { params } }: Job): string {
  const { model } = params;
  const name = typeof model === 'string' ? model : 'nlinear';
  return modelNames[name] ?? name;
}

function BySeries({ job, store, version, metric }: OfMetric) {
  // The store grows in place; its version tells
  const errors = useMemo(() => errorsBySeries(store, metric), [store, version, metric]);
  const first = errors[0];
  return (
    <>
      {first !== undefined && <Text mb="xs" role="status" aria-label="Summary">{comparisonSentence({ metric, model: modelOf(job), value: first.value, baseline: first.naive, against })}</Text>}
      <Bars label="Test error by series" bars={errorBars(errors)} heads={{ name: 'Series', figure: 'error', note: `${against} · within intervals` }} />
    </>
  );
}

const lines = (model: string): readonly Line[] => [{ name: model }, { name: against }];

function ByStep({ job, store, version, metric }: OfMetric) {
  const scheme = useScheme();
  const model = modelOf(job);
  const [own, naive] = useMemo(() => [byStep(store, metric), byStep(store, `naive_${metric}`)] as const, [store, version, metric]);
  const data = useMemo(() => alignLines([own, naive], 'index'), [own, naive]);
  const drawn = useMemo(() => lines(model), [model]);
  const at = (place: number) => `${formatShort(own.y[place]!)} against ${formatShort(naive.y[place]!)}`;
  const last = own.y.length - 1;
  const words = `At step ${own.x[0]!} the ${metricWords[metric]!} of ${model} is ${at(0)} of ${against}${last === 0 ? '' : `; at step ${own.x[last]!} it is ${at(last)}`}.`;
  return (
    <>
      <Text mb="md" role="status" aria-label="Summary">{words}</Text>
      <LineChart label="Test error by step" data={data} lines={drawn} time="index" scheme={scheme} height={340} abscissa="step" />
    </>
  );
}
