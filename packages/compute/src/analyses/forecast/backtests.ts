/** Which forecasts the table `forecast` holds. */
import { type Fold, originsIn } from '../../forecasting/split.ts';

/** Of all test windows of all folds, so many that are spread evenly, the first and the last among them; by fold. */
export function backtestOrigins(folds: readonly Fold[], horizon: number, count: number): Int32Array[] {
  const perFold = folds.map(({ test }) => originsIn(test, horizon));
  const total = perFold.reduce((sum, { length }) => sum + length, 0);
  const wanted = new Set(Array.from({ length: Math.min(count, total) }, (_, k) => (count === 1 ? total - 1 : Math.round((k * (total - 1)) / (Math.min(count, total) - 1)))));
  let before = 0;
  return perFold.map((origins) => {
    const chosen = origins.filter((_, k) => wanted.has(before + k));
    before += origins.length;
    return chosen;
  });
}
