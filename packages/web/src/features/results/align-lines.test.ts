import { expect, it, vi } from 'vitest';

// uPlot reads the screen as it is loaded; only its join of tables is of interest here.
vi.hoisted(() => vi.stubGlobal('devicePixelRatio', 1));
const { alignLines } = await import('./align-lines.ts');

it('puts lines on one abscissa in seconds, a missing value a gap, an absent one none', () => {
  const thinned = { x: Float64Array.of(0, 2_000_000), y: Float64Array.of(1, 3) };
  const averages = { x: Float64Array.of(0, 1_000_000, 2_000_000), y: Float64Array.of(Number.NaN, 5, 6) };
  expect(alignLines([thinned, averages], 'timestamp')).toEqual([
    [0, 1, 2],
    [1, undefined, 3],
    [null, 5, 6],
  ]);
});

it('keeps row numbers as they are, and an empty selection empty', () => {
  expect(alignLines([{ x: Float64Array.of(7, 8), y: Float64Array.of(1, Number.NaN) }], 'index')).toEqual([[7, 8], [1, null]]);
  expect(alignLines([], 'index')).toEqual([[]]);
});

it('takes lines with one array of abscissas as they stand, beside a thinned one', () => {
  const x = Float64Array.of(0, 1_000_000, 2_000_000);
  const thinned = { x: Float64Array.of(0, 2_000_000), y: Float64Array.of(1, 3) };
  const expected = [[0, 1, 2], [1, undefined, 3], [5, 6, 7], [null, 8, 9]];
  expect(alignLines([thinned, { x, y: Float64Array.of(5, 6, 7) }, { x, y: Float64Array.of(Number.NaN, 8, 9) }], 'timestamp')).toEqual(expected);
  expect(alignLines([thinned, { x, y: Float64Array.of(5, 6, 7) }, { x: x.slice(), y: Float64Array.of(Number.NaN, 8, 9) }], 'timestamp')).toEqual(expected);
});
