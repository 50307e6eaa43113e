import { assert, jsonValue, property } from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, hashOf } from './canonical.ts';

test('equal values have equal text, whatever the order of their keys, and the text reads back', () => {
  assert(
    property(jsonValue(), (value) => {
      const shuffled = reverseKeys(value);
      expect(canonicalJson(shuffled)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 1 },
  );
});

test('values that differ, in an order of an array too, have different hashes', () => {
  const values = [{ a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, {}, [], null, 'null', { 'a":1,"b': 1 }, { a: 1, b: 1 }];
  expect(new Set(values.map(hashOf)).size).toBe(values.length);
  expect(hashOf({ a: undefined, b: 1 })).toBe(hashOf({ b: 1 }));
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, member]) => [key, reverseKeys(member)]));
}
