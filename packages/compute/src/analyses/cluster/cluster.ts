/** Clusters: of series or of rows. */
import { clusterAnalysis as contract, type ClusterParams, type clusterParams } from '@corrente/shared/contract/analyses/cluster';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Frame } from '../../frame/frame.ts';
import type { Analysis } from '../analysis.ts';
import { completeSeries, refuseMissing } from '../pca/rows.ts';
import { hierarchicalPlan } from './hierarchical-plan.ts';
import { KMeansPlan } from './k-means-plan.ts';
import { takenRows } from './points.ts';

export const cluster: Analysis<typeof clusterParams> = {
  contract,
  validate,
  plan(given) {
    const input = { ...given, frame: takenSeries(given.params, given.frame) };
    return Promise.resolve(input.params.method === 'k-means' ? new KMeansPlan(input) : hierarchicalPlan(input));
  },
};

/** Rows that statistics of a series need: the longest lag, and two values more. */
const statisticsRows = 9;

const takenSeries = ({ missing }: ClusterParams, frame: Frame): Frame => (missing === 'drop-series' ? completeSeries(frame) : frame);

function validate(params: ClusterParams, given: Frame): void {
  const frame = takenSeries(params, given);
  if (frame.series === 0) throw new CorrenteError('too-few-series', `cluster was given ${given.series} series, none of them complete.`);
  const { method, of, features } = params;
  if (params.missing === 'error') refuseMissing(frame, 'cluster', 'leave them out with missing = skip, or the series with missing = drop-series');
  // Pairs of series take the rows that they have in common.
  const rows = method === 'hierarchical' && of === 'series' ? null : takenRows(frame, params);
  const length = rows?.length ?? frame.length;
  const least = features === 'statistics' ? statisticsRows : 2;
  if (of === 'series' && length < least) throw new CorrenteError('too-few-samples', `cluster needs at least ${least} rows where every series is present; there are ${length} of ${frame.length}.`);
  if (of === 'rows' && method === 'hierarchical' && frame.series < 3) throw new CorrenteError('too-few-series', `cluster was given ${frame.series} series; rows are correlated over at least 3.`);
  checkCount(params, of === 'series' ? frame.series : length);
  if (params.standardise || method === 'hierarchical' || features === 'statistics') checkVarying(frame, rows);
}

function checkCount({ of, clusters, fewest, height }: ClusterParams, points: number): void {
  const what = of === 'series' ? 'series' : 'rows without a missing value';
  if (clusters !== null && clusters > points) {
    throw new CorrenteError('invalid-params', `cluster: ${clusters} clusters were asked for, of ${points} ${what}.`, { places: [{ pointer: '/params/clusters', detail: `is ${clusters}; expected at most ${points}` }] });
  }
  const least = clusters ?? (height === null ? fewest + 1 : 2);
  if (points < least) throw new CorrenteError(of === 'series' ? 'too-few-series' : 'too-few-samples', `cluster was given ${points} ${what}; ${clusters === null && height === null ? `to choose among ${fewest} clusters and more` : 'to group them'} needs at least ${least}.`);
}

/** Throws `constant-series` where a series has one value in the rows that take part (all where null). */
function checkVarying({ values, series, length, stride, names }: Frame, rows: Int32Array | null): void {
  for (let s = 0; s < series; s++) {
    const row = values.subarray(s * stride, s * stride + length);
    const taken = (rows === null ? row : Float64Array.from(rows, (t) => row[t] ?? Number.NaN)).filter((value) => !Number.isNaN(value));
    if (taken.every((value) => value === taken[0])) throw new CorrenteError('constant-series', `${names[s]} is ${taken[0] ?? 'missing'} in all of the ${taken.length} rows that take part; what does not vary cannot be compared by its course.`);
  }
}
