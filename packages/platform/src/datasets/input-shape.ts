/** The shape of a job's input by the catalogue alone, for estimates. */
import type { FieldRead, InputShape } from '@corrente/shared/contract/analysis';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JobInput } from '@corrente/shared/contract/job';
import { bucketing } from './buckets.ts';
import { furtherField, rangeOf, select } from './selection.ts';
import { trialsOf } from './trials.ts';

/**
 * Names of the selected series, and how many rows they have: exact where neither range nor resampling is asked for
 * and all series are taken, else taken as spread evenly over time, and never less than there can be.
 *
 * @param fields what the analysis reads beside the input's own field; only looked up
 * @throws unknown-series, unknown-field, empty-selection, invalid-job
 */
export function inputShape(dataset: Dataset, input: JobInput, fields: readonly FieldRead[] = []): InputShape {
  for (const read of fields) furtherField(dataset, read);
  const { names, from, to } = select(dataset, input);
  const range = rangeOf(dataset);
  const whole = range.to - range.from;
  const start = Math.max(from, range.from);
  const end = Math.min(to, range.to);
  let rows = dataset.timePoints;
  const trials = trialsOf(dataset);
  // Of recordings one after the other the range may hold some whole and others not at all.
  const isOneAxis = trials === null || trials.clock === 'shared';
  if (isOneAxis && Number.isFinite(whole) && whole > 0 && end - start < whole) rows = Math.min(rows, Math.ceil((rows - 1) * ((end - start) / whole)) + 1);
  if (input.resample) {
    if (dataset.timeKind === 'index') throw indexCannotResample();
    const bucket = bucketing(input.resample.every);
    if (Number.isFinite(whole)) rows = Math.min(rows, Math.round((end - start) / bucket.length) + 2);
  }
  const lost = input.transform === 'difference' || input.transform === 'return' || input.transform === 'log-return' ? 1 : 0;
  const count = trials?.count ?? 1;
  return { series: names, rows: Math.max(0, rows - lost) * count, time: dataset.timeKind, trials: count };
}

export function indexCannotResample(): CorrenteError {
  return new CorrenteError('invalid-job', 'The data set has no time, so it cannot be resampled.', { places: [{ pointer: '/input/resample', detail: 'Leave it out for data without time.' }] });
}
