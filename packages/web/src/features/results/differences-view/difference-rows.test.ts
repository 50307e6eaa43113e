import { Bool, Float64, Int32, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { TableStore } from '../table-store.ts';
import { differenceNetwork, differenceRows, differenceText, type DifferenceRow } from './difference-rows.ts';

const row = (source: string, target: string, difference: number, more: Partial<DifferenceRow> = {}): DifferenceRow => ({ source, target, lag: 1, difference, p: 0.01, teA: 0.3, teB: 0.3 - difference, significant: true, foundA: 1, foundB: 1, ...more });

it('reads the rows of the table by the names of its columns', () => {
  const table = new Table({
    significant: vectorFromArray([true, null], new Bool()),
    source: vectorFromArray(['x', 'y'], new Utf8()),
    target: vectorFromArray(['y', 'x'], new Utf8()),
    lag: vectorFromArray([2, null], new Int32()),
    difference: vectorFromArray([-0.25, null], new Float64()),
    p: vectorFromArray([0.004, 1], new Float64()),
    te_a: vectorFromArray([0.25, 0], new Float64()),
    te_b: vectorFromArray([0.5, null], new Float64()),
    found_b: vectorFromArray([2, 0], new Int32()),
  });
  const store = new TableStore(table.schema);
  for (const batch of table.batches) store.append(batch);
  expect(differenceRows(store)).toEqual([
    { source: 'x', target: 'y', lag: 2, difference: -0.25, p: 0.004, teA: 0.25, teB: 0.5, significant: true, foundA: Number.NaN, foundB: 2 },
    { source: 'y', target: 'x', lag: Number.NaN, difference: Number.NaN, p: 1, teA: 0, teB: Number.NaN, significant: null, foundA: Number.NaN, foundB: 0 },
  ]);
});

describe('differenceNetwork', () => {
  it('draws the size of a difference as the width, and its sign as the side', () => {
    const { names, links } = differenceNetwork([row('x', 'y', -0.25), row('y', 'z', 0.1)]);
    expect(names).toEqual(['x', 'y', 'z']);
    expect(links).toMatchObject([{ source: 0, target: 1, te: 0.25, side: 'b' }, { source: 1, target: 2, te: 0.1, side: 'a' }]);
  });

  it('puts a link that is the same in both on neither side', () => {
    for (const { side } of differenceNetwork([row('x', 'y', 0), row('y', 'x', Number.NaN)]).links) expect(side).toBeUndefined();
  });

  it('keeps the strongest row of a pair, whatever its sign, and one with a value before one without', () => {
    const { links, rowOf } = differenceNetwork([row('x', 'y', 0.1, { lag: 1 }), row('x', 'y', -0.3, { lag: 2 }), row('x', 'y', Number.NaN, { lag: 3 })]);
    expect(links).toMatchObject([{ lag: 2, te: 0.3, side: 'b' }]);
    expect(rowOf(links[0]!)).toMatchObject({ lag: 2, difference: -0.3 });
  });

  it('shows series without any difference, in the order of the input', () => {
    const { names, links } = differenceNetwork([row('z', 'x', 0.1)], ['x', 'y', 'z']);
    expect(names).toEqual(['x', 'y', 'z']);
    expect(links).toMatchObject([{ source: 2, target: 0 }]);
  });
});

describe('differenceText', () => {
  it('says in which of the two a link is stronger', () => {
    expect(differenceText(row('x', 'y', -0.25, { teA: 0.25, teB: 0.5, p: 0.00412 }), 'nats')).toBe('x → y, lag 1, stronger in b by 0.250000 nats, te 0.250000 in a, 0.500000 in b, p 0.00412, significant');
  });

  it('says that one side alone has the link, for its difference is then too large', () => {
    expect(differenceText(row('x', 'y', 0.1, { foundB: 0 }), 'nats')).toMatch(/, found in a only$/);
    expect(differenceText(row('x', 'y', 0.1, { foundA: 0, foundB: 3 }), 'nats')).toMatch(/, found in b only$/);
    expect(differenceText(row('x', 'y', 0.1, { foundA: 2, foundB: 3 }), 'nats')).not.toContain('found');
  });

  it('leaves out what is missing', () => {
    expect(differenceText(row('x', 'y', Number.NaN, { lag: Number.NaN, p: Number.NaN, teA: Number.NaN, significant: null, foundA: Number.NaN, foundB: Number.NaN }), '')).toBe('x → y, no difference is known');
  });
});
