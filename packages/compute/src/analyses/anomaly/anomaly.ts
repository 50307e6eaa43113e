/** Anomalies: groups of series, each scored, flagged and written by itself. */
import { anomaly as contract, anomalyGroup, type AnomalyParams, type anomalyParams, defaultThreshold, exclusionOf, hasExpected, togetherName } from '@corrente/shared/contract/analyses/anomaly';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace } from '@corrente/shared/portable/pace';
import type { Columns, OpOptions } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Analysis, PlanInput, Step, StepContext } from '../analysis.ts';
import { groupTitle, seriesOf } from '../series-group.ts';
import { checkAnomaly } from './check.ts';
import { discords } from './discords.ts';
import { featureTable, isolationScores } from './isolation.ts';
import { median, robustDeviation, rollingScores, wholeScores } from './robust.ts';
import { flagged, type Scored } from './scored.ts';
import { findSeason, seasonalExpectation } from './season.ts';

/** The words that make a stream of random numbers this analysis's own. */
const streamWord = 0x616e6f6d;
const trendSeasons = 7;

export const anomaly: Analysis<typeof anomalyParams> = {
  contract,
  validate: checkAnomaly,
  plan(input) {
    const { params, frame } = input;
    const alone = params.method === 'isolation-forest' && params.together;
    const perGroup = alone ? frame.series : Math.max(1, Math.floor(anomalyGroup / Math.max(1, frame.length)));
    const steps: Step[] = [];
    for (let from = 0; from < frame.series; from += perGroup) steps.push(groupStep(input, from, Math.min(from + perGroup, frame.series), alone));
    return Promise.resolve({ steps, close() {} });
  },
};

function groupStep(input: PlanInput<AnomalyParams>, from: number, to: number, together: boolean): Step {
  const { frame, params } = input;
  const names = together ? [togetherName] : frame.names.slice(from, to);
  return {
    title: together ? 'all series together' : groupTitle(names),
    work: (to - from) * Math.max(1, frame.length),
    independent: true,
    async run(context) {
      const options: OpOptions = { precision: 'f64', signal: context.signal, onProgress: (fraction) => context.progress(fraction) };
      const pace = new Pace('anomaly', 1, { signal: context.signal });
      await pace.start();
      const scored = together ? [await isolated(input, frame, from, options)] : await scoredGroup(input, from, to, context, options);
      await pace.turn();
      emitScored(context, frame, params, names, scored);
    },
  };
}

async function scoredGroup(input: PlanInput<AnomalyParams>, from: number, to: number, context: StepContext, options: OpOptions): Promise<Scored[]> {
  const { params, frame, engine } = input;
  const group = seriesOf(frame, from, to);
  const threshold = params.threshold ?? defaultThreshold;
  if (params.method === 'matrix-profile') return profiled(input, group, options);
  if (params.method === 'robust-zscore' && params.window !== null) {
    return (await rollingScores(engine, group, params.window, options)).map(({ score, middle }) => flagged(score, threshold, params.gap, middle));
  }
  const all: Scored[] = [];
  const pace = new Pace('anomaly', to - from, { signal: context.signal });
  for (let s = from; s < to; s++) {
    if (pace.due) await pace.turn();
    const part = (fraction: number): void => context.progress((s - from + fraction) / (to - from));
    const row = seriesOf(frame, s, s + 1);
    if (params.method === 'isolation-forest') {
      all.push(await isolated(input, row, s, { ...options, onProgress: part }));
    } else if (params.method === 'seasonal-residual') {
      all.push(await seasonal(input, row, frame.names[s] ?? '', context, { ...options, onProgress: part }));
    } else {
      const { score, middle } = wholeScores(row.values);
      all.push(flagged(score, threshold, params.gap, middle));
      part(1);
    }
  }
  return all;
}

async function seasonal({ params, engine }: PlanInput<AnomalyParams>, row: Columns, name: string, context: StepContext, options: OpOptions): Promise<Scored> {
  const within = (from: number, share: number): OpOptions => ({ ...options, onProgress: (fraction) => options.onProgress?.(from + share * fraction) });
  const season = params.season ?? (await findSeason(engine, row, name, within(0, 0.3)));
  if (params.season === null) context.log('info', `${name}: a season of ${season} rows`);
  const expected = await seasonalExpectation(engine, row, season, params.trend ?? trendSeasons * season, within(0.3, 0.4));
  const residual = Float64Array.from(expected, (value, t) => (row.values[t] ?? Number.NaN) - value);
  const block: Columns = { values: residual, series: 1, length: residual.length, stride: residual.length };
  const scores = params.window === null ? wholeScores(residual) : (await rollingScores(engine, block, params.window, within(0.7, 0.3)))[0];
  if (scores === undefined) throw new CorrenteError('internal', `anomaly: ${name} has no scores.`);
  return flagged(scores.score, params.threshold ?? defaultThreshold, params.gap, expected);
}

async function isolated({ params, engine, seed }: PlanInput<AnomalyParams>, block: Columns, number: number, options: OpOptions): Promise<Scored> {
  const { lags, spacing, trees, sampleSize, gap } = params;
  const score = await isolationScores(engine, featureTable(block, lags, spacing), { trees, sampleSize, stream: [seed, streamWord, number, 0] }, options);
  return flagged(score, params.threshold ?? robustBound(score), gap, null);
}

/** The median of the scores and 3.5 robust standard deviations more. */
function robustBound(score: Float64Array): number {
  const middle = median(score);
  return middle + defaultThreshold * robustDeviation(score.map((value) => Math.abs(value - middle)));
}

async function profiled({ params, engine }: PlanInput<AnomalyParams>, group: Columns, options: OpOptions): Promise<Scored[]> {
  const window = params.window ?? 0;
  const { distance, neighbour } = await engine.matrixProfile(group, { window, exclusion: exclusionOf(params) }, options);
  const count = group.length - window + 1;
  return Array.from({ length: group.series }, (_, s) =>
    discords(distance.subarray(s * count, (s + 1) * count), neighbour.subarray(s * count, (s + 1) * count), group.length, window, params.discords, params.threshold ?? 0),
  );
}

function emitScored(context: StepContext, frame: Frame, params: AnomalyParams, names: readonly string[], scored: readonly Scored[]): void {
  const rows = scored.map(({ flagged: flags }) => Int32Array.from(flags.keys()).filter((t) => params.output === 'all' || flags[t] === 1));
  const total = rows.reduce((sum, { length }) => sum + length, 0);
  const timeOf = (t: number): bigint => frame.time[t] ?? 0n;
  // Of millions of rows, so no lists in between.
  const [time, score, expected, flags] = [new BigInt64Array(total), new Float64Array(total), new Float64Array(total), new Array<boolean>(total)];
  let at = 0;
  for (const [s, one] of scored.entries()) {
    for (const t of rows[s] ?? []) {
      time[at] = timeOf(t);
      score[at] = one.score[t] ?? Number.NaN;
      expected[at] = one.expected?.[t] ?? Number.NaN;
      flags[at++] = one.flagged[t] === 1;
    }
  }
  context.emit('anomalies', [time, { names, counts: rows.map((one) => one.length) }, score, flags, ...(hasExpected(params) ? [expected] : [])]);
  const events = scored.flatMap((one) => one.events);
  context.emit('events', [
    { names, counts: scored.map((one) => one.events.length) },
    BigInt64Array.from(events, ({ start }) => timeOf(start)),
    BigInt64Array.from(events, ({ end }) => timeOf(end)),
    BigInt64Array.from(events, ({ peak }) => timeOf(peak)),
    Float64Array.from(events, ({ score }) => score),
    Int32Array.from(events, ({ start, end }) => end - start + 1),
    ...(params.method === 'matrix-profile' ? [BigInt64Array.from(events, ({ neighbour }) => timeOf(neighbour ?? 0))] : []),
  ]);
}
