import { describe, expect, it } from 'vitest';
import { integers, reals, storeOf, texts } from '../table-store.testing.ts';
import { jobOrder } from './job-order.ts';

// A series called as the column of names is: the matrix's own column of it has another name.
const matrix = storeOf({ series: texts(['a', 'series', 'c']), a: reals([1, 0, 0]), series_: reals([0, 1, 0]), c: reals([0, 0, 1]) });

describe('jobOrder', () => {
  it('is the row of the matrix for each place', () => {
    const order = storeOf({ place: integers([1, 2, 3]), series: texts(['c', 'a', 'series']), height: reals([null, 0.1, 0.4]) });
    expect(jobOrder(order, matrix)).toEqual(Uint32Array.of(2, 0, 1));
  });

  it('is none while rows are missing', () => {
    const some = storeOf({ place: integers([1, 2]), series: texts(['c', 'a']), height: reals([null, 0.1]) });
    expect(jobOrder(some, matrix)).toBeNull();
    const whole = storeOf({ place: integers([1, 2]), series: texts(['a', 'series']), height: reals([null, 0.1]) });
    expect(jobOrder(whole, storeOf({ series: texts(['a', 'series']), a: reals([1, 0]), series_: reals([0, 1]), c: reals([0, 0]) }))).toBeNull();
  });
});
