import { describe, expect, it } from 'vitest';
import { flaggedSpans, spanBox } from './annotations.ts';

describe('spanBox', () => {
  const place = (at: number) => 10 * at;
  const plot = { left: 0, width: 100 };

  it('is cut to the plot, and is none outside it', () => {
    expect(spanBox({ from: -2, to: 3 }, place, plot, 3)).toEqual({ left: 0, width: 30 });
    expect(spanBox({ from: 8, to: 20 }, place, plot, 3)).toEqual({ left: 80, width: 20 });
    expect(spanBox({ from: 11, to: 12 }, place, plot, 3)).toBeNull();
  });

  it('is seen though it is a single point', () => {
    expect(spanBox({ from: 5, to: 5 }, place, plot, 3)).toEqual({ left: 48.5, width: 3 });
  });
});

describe('flaggedSpans', () => {
  it('joins neighbours, and keeps what other rows part', () => {
    const flagged = [true, true, false, true, false, true];
    expect(flaggedSpans([1, 2, 3, 4, 5, 6], (row) => flagged[row] === true)).toEqual([{ from: 1, to: 2 }, { from: 4, to: 4 }, { from: 6, to: 6 }]);
  });

  it('has none where nothing is flagged', () => {
    expect(flaggedSpans([1, 2], () => false)).toEqual([]);
  });
});
