import { describe, expect, it } from 'vitest';
import { integers, reals, storeOf, texts } from '../table-store.testing.ts';
import { TableStore } from '../table-store.ts';
import { PairIndex, variation } from './pair-index.ts';

const whole = storeOf({
  time: integers([0, 1, 2, 0, 1, 2, 0, 1, 2]),
  a: texts(['x', 'x', 'x', 'x', 'x', 'x', 'y', 'y', 'y']),
  b: texts(['y', 'y', 'y', 'z', 'z', 'z', 'z', 'z', 'z']),
  r: reals([0.1, 0.2, 0.3, null, -0.5, 0.9, null, null, null]),
});

describe('PairIndex', () => {
  it('has the pairs by how far they vary, those without values last', () => {
    const pairs = new PairIndex(whole).update().byVariation();
    expect(pairs.map(({ a, b }) => a + b)).toEqual(['xz', 'xy', 'yz']);
    expect(pairs[0]).toMatchObject({ count: 2, lowest: -0.5, highest: 0.9 });
    expect(pairs[0]!.mean).toBeCloseTo(0.2, 12);
    expect(variation(pairs[0]!)).toBeCloseTo(0.7, 12);
    expect(pairs[2]).toMatchObject({ count: 0, lowest: Number.NaN });
  });

  it('reads the rows of one pair, wherever the batches were cut', () => {
    for (const cut of [1, 2, 4, 9]) {
      const store = new TableStore(whole.schema);
      const index = new PairIndex(store);
      for (let from = 0; from < whole.rows; from += cut) {
        store.append(whole.batches[0]!.slice(from, from + cut));
        index.update();
      }
      expect([...index.numbers({ a: 'x', b: 'z' }, 'r')], `cut at ${cut}`).toEqual([Number.NaN, -0.5, 0.9]);
      expect([...index.numbers({ a: 'x', b: 'y' }, 'time')]).toEqual([0, 1, 2]);
      expect(index.byVariation().map(({ a, b }) => a + b)).toEqual(['xz', 'xy', 'yz']);
    }
  });

  it('has no rows of a pair that is not there', () => {
    expect(new PairIndex(whole).update().numbers({ a: 'z', b: 'x' }, 'r')).toHaveLength(0);
  });
});
