/** What a learning tells of its model: metrics beside their baseline, importances, coefficients. */
import { Group, SegmentedControl, Select, Text } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import { useMemo, useState } from 'react';
import { Bars } from '../../../charts/bars/bars.tsx';
import { formatCount } from '../../../lib/format.ts';
import { modelNames } from '../../analyses/model-names.ts';
import { comparisonSentence, metricWords } from '../compare-words.ts';
import { NoRows } from '../no-rows.tsx';
import classes from '../panels-view/panels-view.module.css';
import type { TableStore } from '../table-store.ts';
import type { ArrivingTable } from '../use-result-table.ts';
import { classesIn, coefficientBars, foldMetrics, importanceBars, importancesIn, metricBars, metricsIn, mostFeatures, type Importance } from './learn-tables.ts';

export type LearnTable = 'metrics' | 'importances' | 'coefficients';

export interface LearnViewProps {
  readonly of: LearnTable;
  readonly job: Job;
  readonly store: TableStore;
  readonly version: number;
  readonly state: ArrivingTable['state'];
}

const views = { metrics: Metrics, importances: Importances, coefficients: Coefficients } as const;

export function LearnView(props: LearnViewProps) {
  const View = views[props.of];
  return props.store.rows === 0 ? <NoRows state={props.state} /> : <div className={classes['view']}><View {...props} /></div>;
}

function modelOf({ spec: { params } }: Job): string {
  const { model, task } = params;
  const name = typeof model === 'string' ? model : task === 'classification' ? 'logistic' : null;
  return name === null ? 'the model' : (modelNames[name] ?? name);
}

function Metrics({ job, store, version }: LearnViewProps) {
  // The store grows in place; its version tells
  const all = useMemo(() => foldMetrics(store), [store, version]);
  const metrics = metricsIn(all);
  const [chosen, setChosen] = useState<string | null>(null);
  const metric = metrics.find((name) => name === chosen) ?? metrics[0] ?? '';
  const mean = all.find((row) => row.metric === metric && row.fold === 'all');
  return (
    <>
      <SegmentedControl size="xs" mb="sm" aria-label="Metric" data={metrics.map((name) => ({ value: name, label: name.replace('_', ' ') }))} value={metric} onChange={setChosen} />
      <Text mb="xs" role="status" aria-label="Summary">
        {mean === undefined ? `The ${metricWords[metric] ?? metric} of the folds so far.` : comparisonSentence({ metric, model: modelOf(job), value: mean.value, baseline: mean.baseline, against: baselineWords(mean.baselineName) })}
      </Text>
      <Bars label={`${metric} by fold`} bars={metricBars(all, metric)} heads={{ name: 'Fold', figure: metric.replace('_', ' '), note: 'without a model' }} />
    </>
  );
}

/** The baseline as part of a sentence. */
function baselineWords(name: string): string {
  return name === '' ? 'no model' : /^(mean|repeat|majority|frequencies|side)/.test(name) ? `the ${name}` : name;
}

const importanceWords: Readonly<Record<Importance, { readonly label: string; readonly meaning: string }>> = {
  permutation: { label: 'By permutation', meaning: 'How much the loss on test rows rises where the feature is permuted among them. Dashed: less than its own spread over folds and repeats.' },
  gain: { label: 'By gain', meaning: 'Share of what all splits of the trees gained in training.' },
};

function Importances({ store, version }: LearnViewProps) {
  const offered = useMemo(() => importancesIn(store), [store, version]);
  const [chosen, setChosen] = useState<Importance>('permutation');
  const of = offered.includes(chosen) ? chosen : (offered[0] ?? 'permutation');
  const bars = useMemo(() => importanceBars(store, of), [store, version, of]);
  const { meaning } = importanceWords[of];
  return (
    <>
      <Group gap="md" mb="xs">
        {offered.length > 1 && <SegmentedControl size="xs" aria-label="Importance" data={offered.map((value) => ({ value, label: importanceWords[value].label }))} value={of} onChange={(value) => setChosen(value === 'gain' ? 'gain' : 'permutation')} />}
        <Text size="xs" c="dimmed" flex="1 1 16rem">{meaning}{leftOut(bars.length)}</Text>
      </Group>
      <Bars label="Importances" bars={bars.slice(0, mostFeatures)} heads={{ name: 'Feature', figure: of === 'gain' ? 'share' : 'rise of the loss', ...(of === 'gain' ? {} : { note: 'spread' }) }} />
    </>
  );
}

function Coefficients({ store, version }: LearnViewProps) {
  const classNames = useMemo(() => classesIn(store), [store, version]);
  const [chosen, setChosen] = useState<string | null>(null);
  const of = classNames.find((name) => name === chosen) ?? classNames[0] ?? '';
  const bars = useMemo(() => coefficientBars(store, of), [store, version, of]);
  return (
    <>
      <Group gap="md" mb="xs" align="flex-end">
        {classNames.length > 1 && <Select label="Class" size="xs" w={140} data={classNames} value={of} onChange={setChosen} allowDeselect={false} />}
        <Text size="xs" c="dimmed" flex="1 1 16rem">Of each feature in standard deviations about its mean.{leftOut(bars.length)}</Text>
      </Group>
      <Bars label="Coefficients" bars={bars.slice(0, mostFeatures)} heads={{ name: 'Feature', figure: 'coefficient', note: 'of the feature as it is' }} />
    </>
  );
}

function leftOut(features: number): string {
  return features > mostFeatures ? ` The first ${mostFeatures} of ${formatCount(features)}.` : '';
}
