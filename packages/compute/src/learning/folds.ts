/**
 * Walk-forward folds (M. López de Prado, "Advances in Financial Machine Learning", 2018, chapter 7): each tests rows
 * that lie after those it is trained on. Training rows whose target reaches into the test are purged, and `embargo`
 * more are left out.
 */
import type { FoldParams } from '@corrente/shared/contract/analyses/learn';
import { CorrenteError } from '@corrente/shared/contract/errors';

/** Rows [from, to). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Fold {
  readonly train: Span;
  readonly test: Span;
}

/** Rows of the shortest training. */
const leastTrain = 10;

/**
 * The folds over rows [from, to), the newest ending with the last row. No target of a training row, which is the value
 * `ahead` rows later, stands at a test row or after one. Throws `too-few-samples`.
 */
export function walkForward({ from, to }: Span, { count, test, train, trainRows, embargo }: FoldParams, ahead: number): Fold[] {
  const rows = Math.max(0, to - from);
  const testRows = test ?? Math.floor(rows / (count + 1));
  const gap = ahead + embargo;
  const first = to - count * testRows;
  const firstTrain = first - gap - from;
  const needed = leastTrain + gap + count * (test ?? 1);
  if (testRows < 1 || firstTrain < leastTrain) {
    throw new CorrenteError('too-few-samples', `There are ${rows} rows with all features and a target; ${count} folds of ${Math.max(1, testRows)} test rows, ${leastTrain} rows of training and ${gap} between them (ahead ${ahead}, embargo ${embargo}) need at least ${Math.max(needed, leastTrain + gap + count * Math.max(1, testRows))}.`, {
      places: [{ pointer: '/params/folds', detail: `needs more rows than ${rows}` }],
    });
  }
  const length = trainRows ?? firstTrain;
  return Array.from({ length: count }, (_, fold) => {
    const start = first + fold * testRows;
    const end = start - gap;
    return { train: { from: train === 'rolling' ? Math.max(from, end - length) : from, to: end }, test: { from: start, to: start + testRows } };
  });
}

/** Training rows split into those that a model is fitted to, and the last ones, which choose; with the same gap between. */
export function holdOut({ from, to }: Span, share: number, gap: number): { readonly fit: Span; readonly heldOut: Span } {
  const start = Math.min(to - 1, to - Math.max(1, Math.round((to - from) * share)));
  const end = start - gap;
  if (end - from < leastTrain / 2) {
    throw new CorrenteError('too-few-samples', `Of ${to - from} training rows ${to - start} are held out, ${gap} lie between, and ${Math.max(0, end - from)} are left to fit a model to; expected at least ${leastTrain / 2}.`, { places: [{ pointer: '/params/heldOut', detail: `leaves ${Math.max(0, end - from)} rows` }] });
  }
  return { fit: { from, to: end }, heldOut: { from: start, to } };
}
