import { describe, expect, it } from 'vitest';
import { permutesTrials, surrogateDistribution, surrogateSizes, timeOrdering, timeOrders, type SurrogateSettings } from './surrogates.ts';

const settings = (method: SurrogateSettings['method'], rest: Partial<SurrogateSettings> = {}): SurrogateSettings => ({ method, maxShift: null, blockSize: null, permRange: null, acrossTrials: true, ...rest });
const stream = [7, 1, 2, 3] as const;
const ascending = (values: Iterable<number>): number[] => [...values].toSorted((a, b) => a - b);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('timeOrdering', () => {
  it.each([
    ['random', {}],
    ['circular', {}],
    ['circular', { maxShift: 1 }],
    ['block', {}],
    ['block', { blockSize: 7, permRange: 3 }],
    ['local', {}],
    ['local', { permRange: 4 }],
  ] as const)('%s %o holds every realisation once, and differs between draws and streams', (method, rest) => {
    for (const length of [20, 53, 101]) {
      const orders = upTo(40).map((draw) => timeOrdering(settings(method, rest), length, stream, draw));
      for (const order of orders) expect(ascending(order)).toEqual(upTo(length));
      if (method === 'circular' && 'maxShift' in rest) continue;
      expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(5);
      expect(timeOrdering(settings(method, rest), length, [7, 1, 2, 4], 0)).not.toEqual(orders[0]);
    }
  });

  it('circular shifts later by 1 to maxShift, each about as often', () => {
    const shifts = upTo(3000).map((draw) => 50 - (timeOrdering(settings('circular', { maxShift: 6 }), 50, stream, draw)[0] ?? 0));
    expect(new Set(shifts)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    for (const shift of [1, 2, 3, 4, 5, 6]) expect(Math.abs(shifts.filter((one) => one === shift).length - 500)).toBeLessThan(100);
  });

  it('block keeps the realisations of a block together, and blocks within their stretch', () => {
    const order = timeOrdering(settings('block', { blockSize: 5, permRange: 4 }), 60, stream, 3);
    for (let block = 0; block < 12; block += 1) {
      const first = order[block * 5] ?? -1;
      expect(first % 5).toBe(0);
      expect([...order.subarray(block * 5, block * 5 + 5)]).toEqual(upTo(5).map((i) => first + i));
      expect(Math.floor(first / 20)).toBe(Math.floor(block / 4));
    }
  });

  it('local keeps realisations within their stretch', () => {
    const order = timeOrdering(settings('local', { permRange: 8 }), 50, stream, 0);
    expect([...order].map((i) => Math.floor(i / 8))).toEqual(upTo(50).map((i) => Math.floor(i / 8)));
    expect([...order]).not.toEqual(upTo(50));
  });
});

it.each(['local', 'block'] as const)('%s takes every order of a stretch about as often', (method) => {
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 6000; draw += 1) {
    const order = timeOrdering(settings(method, { blockSize: 1, permRange: 3 }), 6, stream, draw).subarray(3, 6).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

it.each([
  ['random', {}, 4, 24],
  ['random', {}, 1, 1],
  ['random', {}, 500, 1_000_000],
  ['circular', {}, 30, 15],
  ['block', { blockSize: 3 }, 10, 24],
  ['block', { blockSize: 2, permRange: 2 }, 10, 4],
  ['local', { permRange: 3 }, 8, 72],
] as const)('timeOrders: %s %o has, of %d realisations, %d orders, and no draw is outside of them', (method, rest, length, orders) => {
  expect(timeOrders(settings(method, rest), length)).toBe(orders);
  if (orders < 100) expect(new Set(upTo(2000).map((draw) => timeOrdering(settings(method, rest), length, stream, draw).join())).size).toBe(orders);
});

describe('surrogateDistribution', () => {
  it('leaves free permutations of one trial to the engine', () => {
    expect(surrogateDistribution(settings('random'), { trials: 1, perTrial: 30 }, 200, stream)).toEqual({ kind: 'permuted', stream });
  });

  it('permutes time in every trial alike where trials are few', () => {
    const distribution = surrogateDistribution(settings('random'), { trials: 3, perTrial: 10 }, 20, stream);
    if (distribution.kind !== 'ordered') throw new Error(distribution.kind);
    for (let draw = 0; draw < 20; draw += 1) {
      const trials = [0, 1, 2].map((trial) => [...distribution.orderings.subarray((draw * 3 + trial) * 10, (draw * 3 + trial + 1) * 10)].map((i) => i - trial * 10));
      expect(ascending(trials[0] ?? [])).toEqual(upTo(10));
      expect(trials[1]).toEqual(trials[0]);
      expect(trials[2]).toEqual(trials[0]);
    }
  });

  it('permutes whole trials where they have more orders than draws', () => {
    const distribution = surrogateDistribution(settings('random'), { trials: 6, perTrial: 4 }, 100, stream);
    if (distribution.kind !== 'ordered') throw new Error(distribution.kind);
    const first = [...distribution.orderings.subarray(0, 24)];
    expect(first.map((i) => i % 4)).toEqual(upTo(24).map((i) => i % 4));
    expect(ascending(first)).toEqual(upTo(24));
    expect(first).not.toEqual(upTo(24));
  });

  it.each([
    [4, 23, true],
    [4, 24, false],
    [1, 1, false],
    [170, 1_000_000, true],
  ])('%d trials and %d draws: whole trials %s', (trials, draws, expected) => {
    expect(permutesTrials({ acrossTrials: true }, { trials }, draws)).toBe(expected);
    expect(permutesTrials({ acrossTrials: false }, { trials }, draws)).toBe(false);
  });
});

it.each([
  ['circular', { maxShift: 50 }, 'surrogates.maxShift is 50; a circle of 50 realisations allow at most 49'],
  ['block', { blockSize: 26 }, 'surrogates.blockSize is 26; at least two blocks of 50 realisations allow at most 25'],
  ['block', { blockSize: 10, permRange: 6 }, 'surrogates.permRange is 6; 5 blocks allow at most 5'],
  ['local', { permRange: 51 }, 'surrogates.permRange is 51; 50 realisations allow at most 50'],
] as const)('%s surrogates of 50 realisations refuse %o', (method, rest, message) => {
  expect(() => surrogateSizes(settings(method, rest), 50)).toThrow(expect.objectContaining({ code: 'invalid-params', message: expect.stringContaining(message) }));
});
