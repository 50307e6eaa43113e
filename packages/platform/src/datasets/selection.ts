/** What a job's input (or a chart) selects of a data set: field, series and time range, checked against the catalogue. */
import type { FieldRead } from '@corrente/shared/contract/analysis';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { some, suggestion } from '@corrente/shared/contract/closest';
import { isDate, microsPerDay, parseTime } from './time.ts';

/** Wrong series that an error names one by one. */
const placesShown = 10;

export interface SelectionInput {
  readonly field?: string | undefined;
  readonly series?: readonly string[] | undefined;
  readonly from?: string | number | null | undefined;
  readonly to?: string | number | null | undefined;
}

export interface Selection {
  readonly field: string;
  /** Index of the field in the data set's fields. */
  readonly fieldIndex: number;
  readonly names: readonly string[];
  /** Index of each selected series in the data set's series. */
  readonly indices: readonly number[];
  /** Microseconds since 1970 UTC, or row numbers, both inclusive; infinite where the range is open. */
  readonly from: number;
  readonly to: number;
}

/**
 * @param base the pointer of `input` in what the user sent, such as /input
 * @throws unknown-field, unknown-series, invalid-job (a bound of the wrong kind), empty-selection
 */
export function select(dataset: Dataset, input: SelectionInput, base = '/input'): Selection {
  const field = selectField(dataset, input.field, base);
  const { names, indices } = selectSeries(dataset, input.series, base);
  const from = bound(dataset, input.from, 'from', base);
  const to = bound(dataset, input.to, 'to', base);
  const range = rangeOf(dataset);
  if (from > to || from > range.to || to < range.from) throw emptySelection(dataset, `The time range from ${String(input.from ?? 'the beginning')} to ${String(input.to ?? 'the end')} holds no row`);
  return { field, fieldIndex: dataset.fields.indexOf(field), names, indices, from, to };
}

/**
 * The index of a further field that an analysis reads; upper and lower case may differ where no field has the very name.
 *
 * @throws unknown-field, at the parameter that is called as the role is
 */
export function furtherField({ fields }: Dataset, { role, field, usedBy }: FieldRead): number {
  const exact = fields.indexOf(field);
  if (exact >= 0) return exact;
  const alike = fields.flatMap((name, index) => (name.toLowerCase() === field.toLowerCase() ? [index] : []));
  const [only] = alike;
  if (only !== undefined && alike.length === 1) return only;
  const reader = usedBy === undefined ? '' : `, which ${usedBy} as the ${role}`;
  throw new CorrenteError('unknown-field', `The data set has no field ${JSON.stringify(field)}${reader}; it has ${some(fields, 20)}${suggestion(field, fields) || '.'}`, { places: [{ pointer: `/params/${role}`, detail: `Not one of ${some(fields, 20)}.` }] });
}

/** First and last time of a data set, as numbers; the row numbers for data without time. */
export function rangeOf(dataset: Dataset): { from: number; to: number } {
  if (dataset.timeKind === 'index') return { from: 0, to: dataset.timePoints - 1 };
  const from = dataset.from === null ? null : parseTime(dataset.from);
  const to = dataset.to === null ? null : parseTime(dataset.to);
  return { from: from ?? -Infinity, to: to ?? Infinity };
}

export function emptySelection(dataset: Dataset, what: string): CorrenteError {
  const range = dataset.timeKind === 'index' ? `rows 0 to ${dataset.timePoints - 1}` : `${dataset.from ?? '?'} to ${dataset.to ?? '?'}`;
  return new CorrenteError('empty-selection', `${what}; the data set holds ${range}.`);
}

function selectField(dataset: Dataset, asked: string | undefined, base: string): string {
  const { fields } = dataset;
  const [only] = fields;
  if (asked !== undefined) {
    if (fields.includes(asked)) return asked;
    throw new CorrenteError('unknown-field', `The data set has no field ${JSON.stringify(asked)}; it has ${some(fields, 20)}${suggestion(asked, fields) || '.'}`, { places: [{ pointer: `${base}/field`, detail: `Not one of ${some(fields, 20)}.` }] });
  }
  if (fields.length === 1 && only !== undefined) return only;
  const close = fields.find((field) => field.toLowerCase() === 'close');
  if (close !== undefined) return close;
  throw new CorrenteError('unknown-field', `The data set has the fields ${some(fields, 20)}; name the one to use.`, { places: [{ pointer: `${base}/field`, detail: `One of ${some(fields, 20)}.` }] });
}

function selectSeries(dataset: Dataset, asked: readonly string[] | undefined, base: string): { names: readonly string[]; indices: number[] } {
  if (asked === undefined) return { names: dataset.series, indices: dataset.series.map((_, index) => index) };
  const known = new Map(dataset.series.map((name, index) => [name, index]));
  const seen = new Set<string>();
  const places: Array<{ pointer: string; detail: string }> = [];
  let wrong = 0;
  const indices: number[] = [];
  for (const [index, name] of asked.entries()) {
    const found = known.get(name);
    if (found !== undefined && !seen.has(name)) indices.push(found);
    // Each suggestion compares all names: a request of very many unknown ones must not hold up the others.
    else if (++wrong <= placesShown) {
      const detail = found === undefined ? `No series ${JSON.stringify(name)}${suggestion(name, dataset.series) || '.'}` : `The series ${JSON.stringify(name)} is named twice.`;
      places.push({ pointer: `${base}/series/${index}`, detail });
    }
    seen.add(name);
  }
  if (wrong > 0) throw new CorrenteError('unknown-series', `${places.slice(0, 3).map(({ detail }) => detail).join(' ')}${wrong > 3 ? ` And ${wrong - 3} more.` : ''} The data set has ${dataset.series.length} series: ${some(dataset.series, 5)}.`, { places });
  return { names: asked, indices };
}

function bound(dataset: Dataset, value: string | number | null | undefined, name: 'from' | 'to', base: string): number {
  if (value === null || value === undefined) return name === 'from' ? -Infinity : Infinity;
  const wanted = dataset.timeKind === 'index' ? 'a row number' : 'an ISO 8601 date or instant';
  const place = { places: [{ pointer: `${base}/${name}`, detail: `Expected ${wanted}.` }] };
  const wrong = new CorrenteError('invalid-job', `${name} is ${JSON.stringify(value)}; the data set's time needs ${wanted}.`, place);
  if (typeof value === 'number') {
    if (dataset.timeKind !== 'index') throw wrong;
    return value;
  }
  if (dataset.timeKind === 'index') {
    if (!/^\d+$/.test(value)) throw wrong;
    return Number(value);
  }
  const time = parseTime(value);
  if (time === null) throw wrong;
  // A date as an end means its whole day.
  return name === 'to' && isDate(value) ? time + microsPerDay - 1 : time;
}
