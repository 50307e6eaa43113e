/** Where the trials of a data set stand in the frame, and what of their times is common to them. */
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Bucketing } from '@corrente/platform/datasets/buckets';
import type { Duck } from '@corrente/platform/datasets/duckdb';
import { rowsOf, timeColumn } from '@corrente/platform/datasets/reader';
import type { Selection } from '@corrente/platform/datasets/selection';
import { formatTime } from '@corrente/platform/datasets/time';
import { trialName, trialsOf } from '@corrente/platform/datasets/trials';
import { seek } from './axis-builder.ts';

/** A trial of which rows are selected. */
export interface TrialPlace {
  /** Its number in the data set. */
  readonly trial: number;
  /** What is subtracted from its times, so that those of all trials are the same: its first, where trials have clocks of their own. */
  readonly offset: number;
  readonly first: number;
  readonly last: number;
}

const onlyTrial: TrialPlace = { trial: 0, offset: 0, first: Number.NaN, last: Number.NaN };

/**
 * The trials that the selection holds, in their order; one for data without. Recordings one after the other of which
 * the time range holds nothing are left out.
 *
 * @throws trials-differ where trials on one clock have no rows in the time range, though others have
 */
export async function selectedTrials(duck: Duck, path: string, dataset: Dataset, selection: Selection, buckets: Bucketing | null): Promise<TrialPlace[]> {
  const report = trialsOf(dataset);
  if (report === null) return [onlyTrial];
  const time = timeColumn(dataset);
  const rows = await duck.rows(`SELECT trial, min(${time}), max(${time}) ${rowsOf(path, dataset, selection, true)} GROUP BY trial ORDER BY trial`);
  const start = (micros: number): number => (buckets === null ? micros : buckets.of(micros).start);
  const found = rows.map(([trial, from, to]): TrialPlace => {
    const [first, last] = [start(Number(from)), start(Number(to))];
    return { trial: Number(trial), offset: report.clock === 'own' ? first : 0, first, last };
  });
  if (report.clock === 'shared' && found.length > 0 && found.length < report.count) {
    const present = new Set(found.map(({ trial }) => trial));
    const absent = Array.from({ length: report.count }, (_, trial) => trial).filter((trial) => !present.has(trial));
    throw new CorrenteError('trials-differ', `Of the ${report.count} trials ${absent.length} have no rows in the selection: ${absent.slice(0, 5).map((trial) => trialName(dataset, trial)).join(', ')}${absent.length > 5 ? ', …' : ''}.`);
  }
  return found;
}

/**
 * What is missing inside a trial stands in the frame as missing; what is missing at an end makes it a shorter one.
 *
 * @param axis the times of all trials, each less its offset
 * @throws trials-differ
 */
export function requireEqualLengths(dataset: Dataset, trials: readonly TrialPlace[], axis: Float64Array): void {
  if (trials.length < 2) return;
  const spans = trials.map(({ first, last, offset }) => ({ from: seek(axis, first - offset, 0), to: seek(axis, last - offset, 0) }));
  const shorter = trials.filter((_, place) => spans[place]?.from !== 0 || spans[place]?.to !== axis.length - 1);
  if (shorter.length === 0) return;
  const text = (time: number): string => (dataset.timeKind === 'index' ? `row ${time}` : formatTime(time, dataset.report.timeKind === 'date'));
  const named = shorter.slice(0, 5).map((trial) => {
    const span = spans[trials.indexOf(trial)] ?? { from: 0, to: 0 };
    return `${trialName(dataset, trial.trial)} has ${span.to - span.from + 1} (${text(trial.first)} to ${text(trial.last)})`;
  });
  const [start = 0, end = 0] = [axis[0], axis[axis.length - 1]];
  const whole = trials.every(({ offset }) => offset === 0) ? ` (${text(start)} to ${text(end)})` : '';
  throw new CorrenteError('trials-differ', `${shorter.length} of ${trials.length} trials do not have all ${axis.length} rows${whole}: ${named.join('; ')}${shorter.length > 5 ? '; …' : ''}.`);
}
