/** A model of `learn` applied to a frame. */
import { featuresOf, indicatorChoices } from '@corrente/shared/contract/analyses/learn/features';
import type { BarRole, PredictParams } from '@corrente/shared/contract/analyses/predict';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Engine, OpOptions } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import { timesFrom } from '../../forecasting/time-step.ts';
import { refuseCalendar } from '../../learning/calendar.ts';
import { buildFeatures } from '../../learning/features.ts';
import { mostProbable, predict } from '../../learning/model.ts';
import { type LearnDocument, modelOf } from '../../learning/model-document.ts';
import { collectSamples, type Samples } from '../../learning/samples.ts';
import type { PartColumn } from '../analysis.ts';
import { shownProbability } from '../learn/emit.ts';

/**
 * What of a document the frame lacks, said before anything is computed. Throws `unknown-series` naming the series that
 * features are of, `unknown-field` naming the fields of bars, and `invalid-params` where it reads the calendar and there is no time.
 */
export function checkLearnt({ features, target }: LearnDocument, params: PredictParams, frame: Frame): void {
  const read = [...(target.series === null ? [] : [target.series]), ...(features.others.lags.length === 0 ? [] : (features.others.series ?? []))];
  const missing = read.filter((name) => !frame.names.includes(name));
  if (missing.length > 0) {
    throw new CorrenteError('unknown-series', `The model reads ${[...new Set(read)].join(', ')}; the input lacks ${missing.join(', ')}.`, { places: [{ pointer: '/input/series', detail: `lacks ${missing.join(', ')}` }] });
  }
  refuseCalendar(frame, features.calendar);
  const needed = new Map<BarRole, string[]>();
  for (const { indicator } of indicatorChoices(features)) {
    for (const role of indicator.inputs) {
      if (role === 'value' || (role === 'close' && features.close === null) || params[role] !== null) continue;
      needed.set(role, [...(needed.get(role) ?? []), indicator.name]);
    }
  }
  if (needed.size === 0) return;
  const places = [...needed].map(([role, by]) => ({ pointer: `/params/${role}`, detail: `${by.join(', ')} read${by.length === 1 ? 's' : ''} it; the model was trained on the field ${features[role]}` }));
  throw new CorrenteError('unknown-field', `Indicators of the model read fields that the job does not name: ${places.map(({ pointer, detail }) => `${pointer.slice('/params/'.length)} (${detail})`).join('; ')}.`, { places });
}

/** The columns of the table `predictions`. Throws `too-few-samples` where no row has the features, `empty-selection` where none is new. */
export async function predictLearnt(document: LearnDocument, { rows }: PredictParams, frame: Frame, engine: Engine, options: OpOptions): Promise<PartColumn[]> {
  const { target, features: asked, classes } = document;
  const features = featuresOf(asked, target.series, frame.names);
  const warmUp = features.reduce((most, feature) => Math.max(most, feature.warmUp), 0);
  const all = collectSamples(frame, { kind: target.kind, ahead: target.ahead, series: target.series, warmUp, unlabelled: true });
  if (all.row.length === 0) throw new CorrenteError('too-few-samples', `No row of ${frame.length} has all features: the model needs ${warmUp} rows before.`);
  const samples = rows === 'all' ? all : laterThan(all, frame, BigInt(document.lastTime));
  const table = await buildFeatures(frame, samples, { features, target: target.series, ownClose: asked.close !== null }, engine, options);
  const predicted = await predict(modelOf(document), table, engine, options);
  const isClassification = classes.length > 0;
  const yhat = isClassification ? mostProbable(predicted).map((place) => classes[place] ?? Number.NaN) : Float64Array.from(predicted[0]!);
  const count = samples.row.length;
  const last = samples.row[count - 1] ?? 0;
  const from = samples.row[0] ?? 0;
  const times = timesFrom(frame, from, last + target.ahead - from + 1);
  return [
    BigInt64Array.from(samples.row, (row) => times[row + target.ahead - from] ?? 0n),
    { names: frame.names, indices: samples.series },
    new Array<number | null>(count).fill(null),
    samples.label,
    yhat,
    BigInt64Array.from(samples.row, (row) => frame.time[row] ?? 0n),
    new Int32Array(count).fill(target.ahead),
    isClassification ? shownProbability(predicted) : new Float64Array(count).fill(Number.NaN),
    new Float64Array(count).fill(Number.NaN),
    new Float64Array(count).fill(Number.NaN),
  ];
}

/** The samples of rows after a time. */
function laterThan({ row, series, label }: Samples, { time, timeKind }: Frame, last: bigint): Samples {
  const places = Int32Array.from(row.keys()).filter((i) => (time[row[i]!] ?? 0n) > last);
  if (places.length === 0) {
    const until = timeKind === 'index' ? `row ${last}` : new Date(Number(last / 1000n)).toISOString();
    throw new CorrenteError('empty-selection', `The model was trained on rows up to ${until}, and no later row has its features. Give newer data, or ask for all rows.`, { places: [{ pointer: '/params/rows', detail: 'is new; no row is' }] });
  }
  return { row: Int32Array.from(places, (i) => row[i]!), series: Int32Array.from(places, (i) => series[i]!), label: Float64Array.from(places, (i) => label[i]!) };
}
