/** What the portable kernels refuse. */
import { CorrenteError } from '../contract/errors.ts';
import type { Rectangle, RollingKind, RollingRequest } from './block.ts';

/** Kinds that take every row of a window, or all rows so far. */
const wholeKinds: ReadonlySet<RollingKind> = new Set(['wma', 'weighted', 'autocorrelation', 'ema', 'ewm-mean', 'ewm-var', 'ewm-std']);

/** Throws `invalid-params` unless the engines' contract has a meaning for every request, over series of this length. */
export function checkRequests(requests: readonly RollingRequest[], length: number): void {
  for (const request of requests) {
    const wrong = wrongIn(request, length);
    if (wrong !== null) throw new CorrenteError('invalid-params', `rolling: ${wrong}.`);
  }
}

function wrongIn({ kind, window, parameter, weights, minPeriods, begins }: RollingRequest, length: number): string | null {
  if (!Number.isInteger(window) || window < 1) return `window is ${window}, expected a whole number of at least 1`;
  if (kind === 'quantile' && !(parameter !== undefined && parameter >= 0 && parameter <= 1)) return `q of a quantile is ${parameter}, expected a number from 0 to 1`;
  if (kind === 'autocorrelation' && !(parameter !== undefined && Number.isInteger(parameter) && parameter >= 1)) return `the lag of an autocorrelation is ${parameter}, expected a whole number of at least 1`;
  if (kind === 'weighted' && (weights?.length !== window || !weights.every(Number.isFinite))) return `a weighted sum of ${window} rows has ${weights?.length ?? 0} weights, expected ${window} finite numbers`;
  if ((minPeriods !== undefined || begins !== undefined) && wholeKinds.has(kind)) return `${kind} takes whole windows, and neither minPeriods nor begins`;
  if (begins === undefined) return null;
  if (minPeriods === undefined) return 'windows that begin at given rows need minPeriods';
  if (begins.length !== length) return `${begins.length} windows begin at given rows, expected one for each of ${length} rows`;
  const at = begins.findIndex((begin, row) => begin < 0 || begin > row || begin < (begins[row - 1] ?? 0));
  return at < 0 ? null : `the window that ends at row ${at} begins at row ${begins[at]}, expected a row that never falls and lies within 0 and ${at}`;
}

/** Throws `internal` unless the rectangle lies within a matrix of this many series. */
export function checkRectangle({ rowFrom, rowTo, colFrom, colTo }: Rectangle, series: number): void {
  for (const [from, to] of [[rowFrom, rowTo], [colFrom, colTo]] as const) {
    if (0 <= from && from <= to && to <= series) continue;
    throw new CorrenteError('internal', `correlation: the tile has series [${from}, ${to}), expected a range within [0, ${series}).`);
  }
}
