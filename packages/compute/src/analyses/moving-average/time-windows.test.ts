import { describe, expect, it } from 'vitest';
import { windowBegins } from './time-windows.ts';

describe('windows in time', () => {
  it('hold the rows later than their length before them', () => {
    expect([...windowBegins(BigInt64Array.of(0n, 1n, 2n, 5n, 6n, 20n), 3)]).toEqual([0, 0, 0, 3, 3, 5]);
  });

  it('leave out a row exactly their length before', () => {
    expect([...windowBegins(BigInt64Array.of(0n, 10n, 20n), 10)]).toEqual([0, 1, 2]);
  });

  it('of a length beyond all times hold every row so far', () => {
    expect([...windowBegins(BigInt64Array.of(-5n, 0n, 7n), 1e15)]).toEqual([0, 0, 0]);
  });
});
