/**
 * The table of features. Every column at a sample is a function of the frame's rows up to the sample's own: statistics
 * of windows that end there, values of earlier rows, the time of the row.
 */
import type { Feature } from '@corrente/shared/contract/analyses/learn/features';
import type { IndicatorInput } from '@corrente/shared/contract/indicators/indicator';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace } from '@corrente/shared/portable/pace';
import { seriesOf } from '../analyses/series-group.ts';
import type { Columns, Engine, OpOptions, Reals } from '../engine/contract.ts';
import type { Frame } from '../frame/frame.ts';
import { calendarColumn } from './calendar.ts';
import { type Samples, seriesNamed, valueAt } from './samples.ts';

/** [features × samples], with room for one column more: the target stands after the features. */
export interface FeatureTable extends Columns {
  readonly values: Float64Array<ArrayBuffer>;
  readonly names: readonly string[];
}

export interface FeatureRequest {
  readonly features: readonly Feature[];
  /** The series to predict; every one where null. */
  readonly target: string | null;
  /** Whether `close` is a field of its own, beside that of the input. */
  readonly ownClose: boolean;
}

/**
 * The features of the samples, NaN where one is missing. Always in float64. Throws `unknown-series`, `unknown-field`,
 * `transform-domain` for returns from zero, `cancelled`, and what the engine throws.
 */
export async function buildFeatures(frame: Frame, samples: Samples, { features, target, ownClose }: FeatureRequest, engine: Engine, options: OpOptions): Promise<FeatureTable> {
  const count = samples.row.length;
  const values = new Float64Array((features.length + 1) * count);
  const from = target === null ? 0 : seriesNamed(frame, target);
  const to = target === null ? frame.series : from + 1;
  const blocks = new BlockSource(frame, { from, to, ownClose }, engine, options);
  const pace = new Pace('features', features.length, options);
  await pace.start();
  for (const [place, feature] of features.entries()) {
    const column = values.subarray(place * count, (place + 1) * count);
    const next = features[place + 1];
    await fillColumn(column, feature, frame, samples, blocks, from);
    if (!(feature.kind === 'indicator' && next?.kind === 'indicator' && next.choice === feature.choice)) blocks.forget();
    pace.count(1);
    if (pace.due) await pace.turn();
  }
  values.set(samples.label, features.length * count);
  return { values, series: features.length, length: count, stride: count, names: features.map(({ name }) => name) };
}

async function fillColumn(column: Float64Array, feature: Feature, frame: Frame, samples: Samples, blocks: BlockSource, from: number): Promise<void> {
  const { row, series } = samples;
  if (feature.kind === 'calendar') {
    calendarColumn(column, frame, row, feature);
  } else if (feature.kind === 'rolling' || feature.kind === 'indicator') {
    const block = await blocks.of(feature);
    for (let i = 0; i < column.length; i++) column[i] = block[((series[i] ?? 0) - from) * frame.length + (row[i] ?? 0)] ?? Number.NaN;
  } else if (feature.kind === 'other') {
    const other = seriesNamed(frame, feature.series);
    for (let i = 0; i < column.length; i++) column[i] = before(frame, other, row[i] ?? 0, feature.lag);
  } else {
    for (let i = 0; i < column.length; i++) column[i] = shifted(feature, frame, series[i] ?? 0, row[i] ?? 0);
  }
}

function before(frame: Columns, series: number, row: number, lag: number): number {
  return row < lag ? Number.NaN : valueAt(frame, series, row - lag);
}

function shifted({ kind, lag }: Extract<Feature, { lag: number }>, frame: Frame, series: number, row: number): number {
  const earlier = before(frame, series, row, lag);
  if (kind === 'lag') return earlier;
  const now = valueAt(frame, series, row);
  if (kind === 'difference') return now - earlier;
  if (earlier === 0 && !Number.isNaN(now)) {
    throw new CorrenteError('transform-domain', `The return of ${frame.names[series]} over ${lag} rows at row ${row} is not defined: the value before is 0. Take differences, or lags.`, { places: [{ pointer: '/params/features/returns', detail: `is not defined for ${frame.names[series]} at row ${row}` }] });
  }
  return now / earlier - 1;
}

interface Selection {
  readonly from: number;
  readonly to: number;
  readonly ownClose: boolean;
}

/** What the engine computes over whole series: one statistic at a time, and all outputs of one indicator. */
class BlockSource {
  readonly #frame: Frame;
  readonly #selection: Selection;
  readonly #engine: Engine;
  readonly #options: OpOptions;
  #held: readonly Reals[] | null = null;

  constructor(frame: Frame, selection: Selection, engine: Engine, { signal }: OpOptions) {
    this.#frame = frame;
    this.#selection = selection;
    this.#engine = engine;
    this.#options = { precision: 'f64', ...(signal === undefined ? {} : { signal }) };
  }

  /** [series × rows] */
  async of(feature: Extract<Feature, { kind: 'rolling' | 'indicator' }>): Promise<Reals> {
    const output = feature.kind === 'rolling' ? 0 : feature.output;
    this.#held ??= await (feature.kind === 'rolling' ? this.#engine.rolling(this.#part(this.#frame), [{ kind: feature.statistic, window: feature.window, ddof: 1 }], this.#options) : this.#indicator(feature));
    const block = this.#held[output];
    if (block === undefined) throw new CorrenteError('internal', `features: ${feature.name} is output ${output} of ${this.#held.length}.`);
    return block;
  }

  forget(): void {
    this.#held = null;
  }

  async #indicator({ choice: { indicator, parameters } }: Extract<Feature, { kind: 'indicator' }>): Promise<readonly Reals[]> {
    const blocks = indicator.inputs.map((input) => this.#part(this.#input(input)));
    const [outputs] = await this.#engine.indicators(blocks, [{ name: indicator.name, parameters, inputs: [...blocks.keys()] }], this.#options);
    return outputs ?? [];
  }

  #input(input: IndicatorInput): Columns {
    if (input === 'value' || (input === 'close' && !this.#selection.ownClose)) return this.#frame;
    const field = this.#frame.fields.get(input);
    if (field !== undefined) return field;
    throw new CorrenteError('unknown-field', `An indicator reads the ${input}, and the field was not read; there are ${[...this.#frame.fields.keys()].join(', ') || 'none'}.`);
  }

  #part(columns: Columns): Columns {
    return seriesOf(columns, this.#selection.from, this.#selection.to);
  }
}
