import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../test/series/columns.ts';
import { gaussian, gaussians } from '../../../test/series/random.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { numbers } from './result.testing.ts';

/** Series of two groups, told apart by even and odd numbers, and one that does not vary. */
const rows = 300;
const factors = [gaussians(1, rows), gaussians(2, rows)];
const grouped = Array.from({ length: 8 }, (_, s) => Float64Array.from({ length: rows }, (_unused, t) => (factors[s % 2]?.[t] ?? 0) + 0.5 * gaussian(10 + s, t)));
const frame = frameOf(columnsOf([...grouped, new Float64Array(rows).fill(1)]));

describe('the order of similarity', () => {
  it('puts series that move together next to each other, the one that does not vary last', async () => {
    const result = await collect('correlation', frame, { params: { order: 'hierarchical' } });
    const order = result.column('order', 'series').map(String);
    const groups = order.slice(0, 8).map((name) => Number(name.slice(1)) % 2);
    expect(groups).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(order[8]).toBe('s8');
    expect(result.column('order', 'place')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const heights = numbers(result.column('order', 'height'));
    expect(heights[0]).toBeNaN();
    // Within a group near √((1 - 0.8) / 2), between the groups near √(1/2), and 1 to what has no correlation.
    for (const [place, height] of heights.entries()) if (place > 0) expect(height).toBeCloseTo(place === 8 ? 1 : place === 4 ? Math.SQRT1_2 : 0.32, 1);
  });

  it('is the same beside pairs alone, and after a lost worker', async () => {
    const whole = await collect('correlation', frame, { params: { order: 'hierarchical' } });
    const beside = await collect('correlation', frame, { params: { order: 'hierarchical', output: 'pairs', top: 2 } });
    expect(beside.column('order', 'series')).toEqual(whole.column('order', 'series'));
    const rest = await collect('correlation', frame, { params: { order: 'hierarchical' }, stored: whole.steps.length - 1 });
    expect(rest.steps).toEqual(whole.steps.slice(-1));
  });

  it('of one series is that series', async () => {
    const result = await collect('correlation', frameOf(columnsOf([gaussians(3, 9)])), { params: { order: 'hierarchical' } });
    expect(result.column('order', 'series')).toEqual(['s0']);
  });
});
