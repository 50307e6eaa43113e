/** One job of each analysis on the sample data, and what to tell of its result. */
import type { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { Job, JobSpecInput } from '@corrente/shared/contract/job';
import { learningStories } from './learning-stories.ts';
import { column, type Story } from './story.ts';

async function tellCorrelation(client: CorrenteClient, job: Job): Promise<string[]> {
  const matrix = await client.resultTable(job.id, 'matrix');
  const names = matrix.schema.fields.slice(1).map(({ name }) => name);
  const pairs: Array<{ a: string; b: string; r: number }> = [];
  for (const [j, b] of names.entries()) {
    const values = column(matrix, b);
    for (let i = 0; i < j; i += 1) pairs.push({ a: names[i] ?? '', b, r: values[i] ?? Number.NaN });
  }
  const known = pairs.filter(({ r }) => !Number.isNaN(r)).toSorted((x, y) => y.r - x.r);
  const mean = known.reduce((sum, { r }) => sum + r, 0) / known.length;
  const show = ({ a, b, r }: { a: string; b: string; r: number }): string => `${a}–${b} ${r.toFixed(3)}`;
  return [
    `${names.length} stocks, ${known.length.toLocaleString('en')} pairs of daily log returns: mean correlation ${mean.toFixed(6)}`,
    `closest: ${known.slice(0, 3).map(show).join(', ')}; most opposed: ${known.slice(-3).toReversed().map(show).join(', ')}`,
  ];
}

async function tellMovingAverage(client: CorrenteClient, job: Job): Promise<string[]> {
  const table = await client.resultTable(job.id, 'values');
  const series = table.getChild('series');
  let last = -1;
  for (let row = 0; row < table.numRows; row += 1) if (series?.get(row) === 'AAPL') last = row;
  const at = (name: string): string => (column(table, name)[last] ?? Number.NaN).toFixed(4);
  return [`${table.numRows.toLocaleString('en')} rows; AAPL on the last day: SMA20 ${at('sma_20')}, SMA50 ${at('sma_50')}, EMA20 ${at('ema_20')}`];
}

async function tellIndicators(client: CorrenteClient, job: Job): Promise<string[]> {
  const table = await client.resultTable(job.id, 'values');
  const series = table.getChild('series');
  const last = new Map<string, number>();
  for (let row = 0; row < table.numRows; row += 1) last.set(String(series?.get(row)), row);
  const [strength, trend, range] = [column(table, 'rsi'), column(table, 'adx'), column(table, 'natr')];
  const at = (values: Float64Array, name: string): number => values[last.get(name) ?? -1] ?? Number.NaN;
  const known = [...last.keys()].filter((name) => !Number.isNaN(at(strength, name))).toSorted((a, b) => at(strength, a) - at(strength, b));
  const show = (name: string): string => `${name} ${at(strength, name).toFixed(1)}`;
  const below = known.filter((name) => at(strength, name) < 30).length;
  return [
    `${table.numRows.toLocaleString('en')} rows of ${last.size} stocks; AAPL on the last day: RSI ${at(strength, 'AAPL').toFixed(2)}, ADX ${at(trend, 'AAPL').toFixed(2)}, true range ${at(range, 'AAPL').toFixed(2)} % of the price`,
    `RSI on the last day: lowest ${known.slice(0, 3).map(show).join(', ')}; highest ${known.slice(-3).toReversed().map(show).join(', ')}; ${below} of ${known.length} below 30`,
  ];
}

async function tellInformationMeasure(client: CorrenteClient, job: Job): Promise<string[]> {
  const table = await client.resultTable(job.id, 'values');
  const [value, p] = [column(table, 'value'), column(table, 'p')];
  const name = (from: 'source' | 'target', row: number): string => String(table.getChild(from)?.get(row));
  const rows = Array.from(value, (_, row) => row).toSorted((a, b) => (value[b] ?? 0) - (value[a] ?? 0));
  const show = (row: number): string => `${name('source', row)}–${name('target', row)} ${(value[row] ?? Number.NaN).toFixed(3)}`;
  return [
    `mutual information of ${rows.length} pairs of daily log returns, in nats: most ${rows.slice(0, 3).map(show).join(', ')}; least ${rows.slice(-2).map(show).join(', ')}`,
    `${rows.filter((row) => (p[row] ?? 1) < 0.05).length} of them reached by less than one in twenty of 40 permutations`,
  ];
}

async function tellNetworkInference(client: CorrenteClient, job: Job): Promise<string[]> {
  const [links, targets] = await Promise.all([client.resultTable(job.id, 'links'), client.resultTable(job.id, 'targets')]);
  const [te, lag] = [column(links, 'te'), column(links, 'lag')];
  const at = (name: string, row: number): string => String(links.getChild(name)?.get(row));
  const found = Array.from(te, (_, row) => row)
    .filter((row) => links.getChild('significant')?.get(row) === true)
    .toSorted((a, b) => (te[b] ?? 0) - (te[a] ?? 0))
    .map((row) => `${at('source', row)} → ${at('target', row)} ${lag[row]} days, ${(te[row] ?? Number.NaN).toFixed(4)} nats`);
  const estimates = column(targets, 'estimates').reduce((sum, count) => sum + count, 0);
  const n = targets.numRows;
  return [
    `${n} stocks, of ${n * (n - 1)} possible links by which one tells of another's next days ${found.length} stand after the control of false discoveries; ${estimates.toLocaleString('en')} estimates`,
    ...(found.length > 0 ? [`strongest: ${found.slice(0, 3).join('; ')}`] : []),
  ];
}

const comparedStocks = ['AAPL', 'GE', 'JPM', 'MSFT', 'WMT', 'XOM'];

/** The network of the first half of the sample, and that of the second. */
async function networksOfHalves({ id }: Dataset, client: CorrenteClient): Promise<JobSpecInput> {
  const network = async (from: string, to: string): Promise<string> => {
    const input = { dataset: id, field: 'close', series: comparedStocks, transform: 'log-return' as const, from, to };
    const { id: job } = await client.submit({ analysis: 'network-inference', input, params: { estimator: 'gaussian', maxLagSources: 3 } });
    await client.wait(job);
    return job;
  };
  const [a, b] = [await network('2013-02-08', '2015-08-07'), await network('2015-08-10', '2018-02-07')];
  return { analysis: 'network-comparison', input: { dataset: id, field: 'close', series: comparedStocks, results: { a: [a], b: [b] } } };
}

async function tellNetworkComparison(client: CorrenteClient, job: Job): Promise<string[]> {
  const table = await client.resultTable(job.id, 'differences');
  const [difference, p] = [column(table, 'difference'), column(table, 'p')];
  const at = (name: string, row: number): string => String(table.getChild(name)?.get(row));
  const rows = Array.from(p, (_, row) => row).toSorted((a, b) => (p[a] ?? 1) - (p[b] ?? 1) || Math.abs(difference[b] ?? 0) - Math.abs(difference[a] ?? 0));
  const where = (row: number): string => (at('found_b', row) === '0' ? 'the first half only' : at('found_a', row) === '0' ? 'the second half only' : 'both halves');
  const show = (row: number): string => `${at('source', row)} → ${at('target', row)} ${(difference[row] ?? Number.NaN).toFixed(4)} nats (p ${(p[row] ?? Number.NaN).toFixed(3)}, found in ${where(row)})`;
  return [
    `${rows.length} links among ${comparedStocks.length} stocks in the first or second half of the sample; ${rows.filter((row) => table.getChild('significant')?.get(row) === true).length} of them called different`,
    ...(rows.length > 0 ? [`first half less second: ${rows.slice(0, 3).map(show).join('; ')}`] : []),
  ];
}

async function tellPartialInformation(client: CorrenteClient, job: Job): Promise<string[]> {
  const [atoms, information] = await Promise.all([client.resultTable(job.id, 'atoms'), client.resultTable(job.id, 'information')]);
  const [bits, p, joint] = [column(atoms, 'bits'), column(atoms, 'p'), column(information, 'bits')];
  const show = (row: number): string => `${String(atoms.getChild('kind')?.get(row))} ${String(atoms.getChild('sources')?.get(row))} ${(bits[row] ?? Number.NaN).toFixed(4)} (p ${(p[row] ?? Number.NaN).toFixed(3)})`;
  return [`the returns of two companies tell ${(joint.at(-1) ?? Number.NaN).toFixed(4)} bits of those of ${String(information.getChild('target')?.get(0))} on the same day, in five bins`, `of these, in bits: ${Array.from(bits, (_, row) => show(row)).join('; ')}`];
}

export const stories: Readonly<Record<string, Story>> = {
  correlation: {
    spec: ({ id }) => ({ analysis: 'correlation', input: { dataset: id, field: 'close', transform: 'log-return' }, params: { output: 'both', fdr: true } }),
    tell: tellCorrelation,
  },
  'moving-average': {
    spec: ({ id }) => ({ analysis: 'moving-average', input: { dataset: id, field: 'close' }, params: { kinds: ['sma', 'ema', 'std'], windows: [20, 50] } }),
    tell: tellMovingAverage,
  },
  indicators: {
    spec: ({ id }) => ({ analysis: 'indicators', input: { dataset: id, field: 'close' }, params: { names: ['rsi', 'macd', 'bollinger(20)', 'adx', 'natr', 'obv'] } }),
    tell: tellIndicators,
  },
  'information-measure': {
    spec: ({ id }) => ({
      analysis: 'information-measure',
      input: { dataset: id, field: 'close', transform: 'log-return', series: ['AAPL', 'MSFT', 'JPM', 'BAC', 'XOM', 'CVX', 'KO', 'PEP'] },
      params: { measure: 'mi', pairs: 'all', permutations: 40 },
    }),
    tell: tellInformationMeasure,
  },
  'network-inference': {
    spec: ({ id }) => ({
      analysis: 'network-inference',
      input: { dataset: id, field: 'close', series: ['AAPL', 'AMZN', 'BA', 'CVX', 'DIS', 'GE', 'GOOGL', 'JNJ', 'JPM', 'KO', 'MSFT', 'PG', 'WMT', 'XOM'], transform: 'log-return' },
      params: { estimator: 'gaussian', maxLagSources: 3, permutations: { omnibus: 2000 } },
    }),
    tell: tellNetworkInference,
  },
  'network-comparison': { spec: networksOfHalves, tell: tellNetworkComparison },
  'partial-information': {
    spec: ({ id }) => ({
      analysis: 'partial-information',
      input: { dataset: id, field: 'close', series: ['JPM', 'XOM', 'GE'], transform: 'log-return' },
      params: { target: 'GE', sources: ['JPM', 'XOM'], bins: 5, binning: 'equal-frequency', permutations: 200 },
    }),
    tell: tellPartialInformation,
  },
  ...learningStories,
};
