/** What the portable kernels refuse. */
import { CorrenteError } from '../contract/errors.ts';
import type { Rectangle, RollingRequest } from './block.ts';

/** Throws `invalid-params` unless every window is a whole number of at least 1. */
export function checkRequests(requests: readonly RollingRequest[]): void {
  for (const { window } of requests) {
    if (!Number.isInteger(window) || window < 1) throw new CorrenteError('invalid-params', `rolling: window is ${window}, expected a whole number of at least 1.`);
  }
}

/** Throws `internal` unless the rectangle lies within a matrix of this many series. */
export function checkRectangle({ rowFrom, rowTo, colFrom, colTo }: Rectangle, series: number): void {
  for (const [from, to] of [[rowFrom, rowTo], [colFrom, colTo]] as const) {
    if (0 <= from && from <= to && to <= series) continue;
    throw new CorrenteError('internal', `correlation: the tile has series [${from}, ${to}), expected a range within [0, ${series}).`);
  }
}
