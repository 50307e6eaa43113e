/** Forecasts, learning, groups, components and anomalies of the sample data: one job each, and what it found. */
import type { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { Job, JobSpecInput } from '@corrente/shared/contract/job';
import type { Table } from 'apache-arrow';
import { column, texts, type Story } from './story.ts';

const traded = ['AAPL', 'AMZN', 'BA', 'CVX', 'DIS', 'GE', 'GOOGL', 'HD', 'JNJ', 'JPM', 'KO', 'MSFT', 'PG', 'WMT', 'XOM'];
/** Of ten branches, some of each. */
const ofManyBranches =
  'AAPL MSFT GOOGL AMZN INTC CSCO JPM BAC WFC C GS MS XOM CVX SLB COP KO PEP PG JNJ PFE MRK ABT UNH DUK SO NEE D EXC T VZ HD LOW WMT TGT COST CAT MMM HON UTX LMT BA NKE SBUX MCD DIS'.split(' ');

const figure = (value: number): string => value.toPrecision(3);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function rowOf(table: Table, wanted: Readonly<Record<string, string>>): number {
  const columns = Object.entries(wanted).map(([name, value]) => ({ values: texts(table, name), value }));
  const row = Array.from({ length: table.numRows }, (_, i) => i).find((i) => columns.every(({ values, value }) => values[i] === value));
  if (row === undefined) throw new Error(`The table has no row with ${JSON.stringify(wanted)}.`);
  return row;
}

async function tellForecast(client: CorrenteClient, job: Job): Promise<string[]> {
  const [metrics, history] = await Promise.all([client.resultTable(job.id, 'metrics'), client.resultTable(job.id, 'history')]);
  const [mse, naive, coverage] = [column(metrics, 'mse'), column(metrics, 'naive_mse'), column(metrics, 'coverage')];
  const all = rowOf(metrics, { series: 'all' });
  const worse = texts(metrics, 'series').filter((_, row) => row !== all && (mse[row] ?? 0) >= (naive[row] ?? 0));
  return [
    `shares traded a day, five days ahead: NLinear's mean squared error is ${figure(mse[all] ?? Number.NaN)} against ${figure(naive[all] ?? Number.NaN)} of repeating the last value; ${worse.length === 0 ? 'better for every stock' : `no better for ${worse.join(', ')}`}`,
    `${history.numRows} epochs; of the values that came its 90 % intervals held ${percent(coverage[all] ?? Number.NaN)}`,
  ];
}

async function tellLearn(client: CorrenteClient, job: Job): Promise<string[]> {
  const [metrics, importances] = await Promise.all([client.resultTable(job.id, 'metrics'), client.resultTable(job.id, 'importances')]);
  const [value, baseline, names] = [column(metrics, 'value'), column(metrics, 'baseline'), texts(metrics, 'baseline_name')];
  const show = (metric: string, words: string): string => {
    const row = rowOf(metrics, { fold: 'all', metric });
    return `${words} ${figure(value[row] ?? Number.NaN)} against ${figure(baseline[row] ?? Number.NaN)} of ${names[row] ?? ''}`;
  };
  const accuracy = rowOf(metrics, { fold: 'all', metric: 'accuracy' });
  const [features, permutation] = [texts(importances, 'feature'), column(importances, 'permutation')];
  const strongest = features.map((name, row) => ({ name, value: permutation[row] ?? 0 })).toSorted((a, b) => b.value - a.value)[0];
  const gained = (value[accuracy] ?? 0) - (baseline[accuracy] ?? 1);
  return [
    `whether a stock rises on the next day, by gradient boosting on its last days: ${show('accuracy', 'accuracy')}, ${show('auc', 'area under the ROC curve')}`,
    gained > 0.01 ? `most is told by ${strongest?.name ?? 'no feature'}` : 'so past returns tell next to nothing: what one expects of prices',
  ];
}

/** Trains on the first four years; what is predicted lies in the last. */
async function volumeModel({ id }: Dataset, client: CorrenteClient): Promise<JobSpecInput> {
  const input = { dataset: id, field: 'volume', series: traded.slice(0, 8) };
  const features = { lags: [0, 1, 2, 3, 4], rolling: { kinds: ['mean'], windows: [5, 20, 60] }, calendar: ['weekday'] };
  const { id: learnt } = await client.submit({ analysis: 'learn', input: { ...input, to: '2017-02-08' }, params: { model: 'ridge', features, folds: { count: 3 }, permutations: 0 } });
  await client.wait(learnt);
  return { analysis: 'predict', input: { ...input, results: { a: [learnt], b: [] } } };
}

async function tellPredict(client: CorrenteClient, job: Job): Promise<string[]> {
  const table = await client.resultTable(job.id, 'predictions');
  const [y, yhat, series] = [column(table, 'y'), column(table, 'yhat'), texts(table, 'series')];
  const before = new Map<string, number>();
  let [model, repeated, rows] = [0, 0, 0];
  for (const [row, name] of series.entries()) {
    const [came, last] = [y[row] ?? Number.NaN, before.get(name) ?? Number.NaN];
    if (!Number.isNaN(came) && !Number.isNaN(last)) [model, repeated, rows] = [model + Math.abs(came - (yhat[row] ?? 0)), repeated + Math.abs(came - last), rows + 1];
    before.set(name, came);
  }
  return [`shares traded on the next day, by a ridge trained on four years and applied to the fifth: ${table.numRows.toLocaleString('en')} predictions, mean absolute error ${percent(model / repeated)} of that of yesterday's number over ${rows.toLocaleString('en')} days that came`];
}

async function tellCluster(client: CorrenteClient, job: Job): Promise<string[]> {
  const table = await client.resultTable(job.id, 'assignments');
  const [series, cluster] = [texts(table, 'series'), column(table, 'cluster')];
  const groups = Map.groupBy(series.keys(), (row) => cluster[row] ?? 0);
  const sorted = [...groups].toSorted(([a], [b]) => a - b).map(([, rows]) => rows.map((row) => series[row] ?? '').join(' '));
  return [`${series.length} stocks in ${groups.size} groups by the correlation of their returns, which knew nothing of branches:`, ...sorted.slice(0, 6).map((names) => `  ${names}`), ...(sorted.length > 6 ? [`  and ${sorted.length - 6} smaller ones: ${sorted.slice(6).join('; ')}`] : [])];
}

async function tellPca(client: CorrenteClient, job: Job): Promise<string[]> {
  const [variance, components] = await Promise.all([client.resultTable(job.id, 'variance'), client.resultTable(job.id, 'components')]);
  const [ratio, component, loading, series] = [column(variance, 'ratio'), column(components, 'component'), column(components, 'loading'), texts(components, 'series')];
  const of = (number: number): number[] => Array.from(component.keys()).filter((row) => component[row] === number).toSorted((a, b) => (loading[b] ?? 0) - (loading[a] ?? 0));
  const [first, second] = [of(1), of(2)];
  const alike = first.filter((row) => (loading[row] ?? 0) > 0).length;
  const names = (rows: readonly number[]): string => rows.map((row) => series[row] ?? '').join(', ');
  return [
    `the first component of ${first.length} stocks' returns holds ${percent(ratio[0] ?? Number.NaN)} of their variance, and ${alike} of them have its sign: the market`,
    `the second holds ${percent(ratio[1] ?? Number.NaN)}, ${names(second.slice(0, 4))} against ${names(second.slice(-4))}`,
  ];
}

async function tellAnomaly(client: CorrenteClient, job: Job): Promise<string[]> {
  const events = await client.resultTable(job.id, 'events');
  const [score, series, peak] = [column(events, 'score'), texts(events, 'series'), events.getChild('peak')];
  const rows = Array.from(score.keys()).toSorted((a, b) => (score[b] ?? 0) - (score[a] ?? 0));
  const day = (row: number): string => {
    const at: unknown = peak?.get(row);
    return typeof at === 'number' ? new Date(at).toISOString().slice(0, 10) : String(at);
  };
  const show = (row: number): string => `${series[row] ?? ''} on ${day(row)}, ${(score[row] ?? Number.NaN).toFixed(0)} robust standard deviations`;
  return [`${rows.length} returns more than 20 robust standard deviations from the median of their stock: ${rows.slice(0, 3).map(show).join('; ')}`];
}

export const learningStories: Readonly<Record<string, Story>> = {
  forecast: {
    spec: ({ id }) => ({ analysis: 'forecast', input: { dataset: id, field: 'volume', series: traded }, params: { horizon: 5 } }),
    tell: tellForecast,
  },
  learn: {
    spec: ({ id }) => ({
      analysis: 'learn',
      input: { dataset: id, field: 'close', series: traded, transform: 'log-return' },
      params: { model: 'gradient-boosting', target: { kind: 'sign' }, features: { rolling: { kinds: ['mean', 'std'], windows: [5, 20] } }, folds: { count: 3 } },
    }),
    tell: tellLearn,
  },
  predict: { spec: volumeModel, tell: tellPredict },
  cluster: {
    spec: ({ id }) => ({ analysis: 'cluster', input: { dataset: id, field: 'close', series: ofManyBranches, transform: 'log-return' }, params: { method: 'hierarchical', clusters: 10 } }),
    tell: tellCluster,
  },
  pca: {
    spec: ({ id }) => ({ analysis: 'pca', input: { dataset: id, field: 'close', transform: 'log-return' }, params: { components: 3, missing: 'listwise' } }),
    tell: tellPca,
  },
  anomaly: {
    spec: ({ id }) => ({ analysis: 'anomaly', input: { dataset: id, field: 'close', transform: 'log-return' }, params: { threshold: 20, output: 'flagged' } }),
    tell: tellAnomaly,
  },
};
