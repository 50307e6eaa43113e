import { describe, expect, it } from 'vitest';
import { formatBound, formatCoefficient, formatMilliseconds, formatNumber, formatReal, formatTimestamp } from './format.ts';

describe('format', () => {
  it('never loses integer digits of a number and keeps seven significant ones', () => {
    expect([0, 171.012_512, -0.367_899_12, 123_456_789, 1.234_567e-7, Number.NaN, Number.NEGATIVE_INFINITY].map(formatNumber)).toEqual([
      '0', '171.0125', '−0.3678991', '123456789', '1.2346e−7', '', '−∞',
    ]);
  });

  it('keeps the decimals of numbers of like size the same', () => {
    expect([1, 0.99138, -0.5, 0.09355247, 171.0125, 0, 2.5e-7, 12_345_678.9].map(formatReal)).toEqual(['1.000000', '0.991380', '−0.500000', '0.093552', '171.0125', '0', '2.5000e−7', '12345678.9']);
  });

  it('says of a missing coefficient that there is none', () => {
    expect([formatCoefficient(-0.5), formatCoefficient(Number.NaN)]).toEqual(['−0.5000', 'no value']);
  });

  it('leaves out of a timestamp what says nothing, and keeps microseconds that do', () => {
    const day = BigInt(Date.UTC(2018, 1, 7)) * 1000n;
    expect([day, day + 3_600_000_000n, day + 1_500n, -1n].map(formatTimestamp)).toEqual(['2018-02-07', '2018-02-07 01:00:00', '2018-02-07 00:00:00.001500', '1969-12-31 23:59:59.999999']);
  });

  it('writes midnight bounds as dates', () => {
    expect(['2013-02-08T00:00:00Z', '2013-02-08 00:00:00', '2013-02-08T10:30:00.000Z', '17'].map(formatBound)).toEqual(['2013-02-08', '2013-02-08', '2013-02-08 10:30:00', '17']);
  });

  it('chooses the unit of a duration by its length', () => {
    expect([0.2, 812, 2134, 59_940, 61_000, 7_380_000].map(formatMilliseconds)).toEqual(['< 1 ms', '812 ms', '2.13 s', '59.9 s', '1 min 1 s', '2 h 3 min']);
  });
});
