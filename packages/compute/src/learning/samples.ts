/** The rows that a model learns from or is applied to: a series at a time, with what came of it. */
import type { TargetKind } from '@corrente/shared/contract/analyses/learn/target';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns } from '../engine/contract.ts';
import type { Frame } from '../frame/frame.ts';

/** Ordered by row, then by series. */
export interface Samples {
  /** Rows of the frame, [samples], ascending. */
  readonly row: Int32Array<ArrayBuffer>;
  /** Series of the frame, [samples]. */
  readonly series: Int32Array<ArrayBuffer>;
  /** What is to be predicted, [samples]; NaN where it has not come yet. */
  readonly label: Float64Array<ArrayBuffer>;
}

export interface SampleRequest {
  readonly kind: TargetKind;
  readonly ahead: number;
  /** The series to predict; every one where null. */
  readonly series: string | null;
  /** Rows of each series, from its first value on, that are left out because not every feature has begun. */
  readonly warmUp: number;
  /** Whether rows without a label are kept. */
  readonly unlabelled: boolean;
}

/**
 * A sample is a series at a row where it has a value, `warmUp` rows or more after its first one. Whether there is one
 * at a row depends on that row and earlier ones, but for its label. Throws `unknown-series`, and `transform-domain`
 * where a return or a logarithm is not defined.
 */
export function collectSamples(frame: Frame, request: SampleRequest): Samples {
  const { ahead, warmUp, unlabelled, kind } = request;
  const groups = request.series === null ? Array.from({ length: frame.series }, (_, s) => s) : [seriesNamed(frame, request.series)];
  const begins = groups.map((s) => firstValue(frame, s) + warmUp);
  const [row, series, label]: [number[], number[], number[]] = [[], [], []];
  for (let t = 0; t < frame.length; t++) {
    for (const [g, s] of groups.entries()) {
      if (t < (begins[g] ?? 0)) continue;
      const now = valueAt(frame, s, t);
      if (Number.isNaN(now)) continue;
      const then = t + ahead < frame.length ? valueAt(frame, s, t + ahead) : Number.NaN;
      if (Number.isNaN(then) && !unlabelled) continue;
      row.push(t);
      series.push(s);
      label.push(Number.isNaN(then) ? Number.NaN : labelOf(kind, now, then, () => `${frame.names[s]} at row ${t}`));
    }
  }
  return { row: Int32Array.from(row), series: Int32Array.from(series), label: Float64Array.from(label) };
}

/** The place of a series; `unknown-series` with those there are. */
export function seriesNamed({ names }: Frame, name: string): number {
  const place = names.indexOf(name);
  if (place >= 0) return place;
  throw new CorrenteError('unknown-series', `There is no series "${name}" among those selected: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ` and ${names.length - 20} more` : ''}.`);
}

export function valueAt({ values, stride }: Columns, series: number, row: number): number {
  return values[series * stride + row] ?? Number.NaN;
}

function firstValue(frame: Columns, series: number): number {
  let t = 0;
  while (t < frame.length && Number.isNaN(valueAt(frame, series, t))) t++;
  return t;
}

function labelOf(kind: TargetKind, now: number, then: number, place: () => string): number {
  if (kind === 'level' || kind === 'class') return then;
  if (kind === 'difference') return then - now;
  if (kind === 'direction') return then > now ? 1 : 0;
  if (kind === 'sign') return then > 0 ? 1 : 0;
  if (kind === 'return' ? now === 0 : now <= 0 || then <= 0) {
    throw new CorrenteError('transform-domain', `The ${kind} of ${place()} is not defined: the value goes from ${now} to ${then}, expected ${kind === 'return' ? 'one other than 0 to begin with' : 'positive values'}. Learn the difference, or the level.`, { places: [{ pointer: '/params/target/kind', detail: `is not defined for ${place()}` }] });
  }
  return kind === 'return' ? then / now - 1 : Math.log(then / now);
}

/** What a prediction that knows nothing would say of a regression: that the newest value stays. */
export function repeatOf(kind: TargetKind, now: number): number {
  return kind === 'level' ? now : 0;
}

/** The first sample whose row is at least `row`. */
export function firstSampleAt({ row: rows }: Pick<Samples, 'row'>, row: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
