import { describe, expect, it } from 'vitest';
import { permutation, philox, randomWords, type RandomStream } from './random.ts';

const stream: RandomStream = [0xffffffff, 2, 0x80000000, 3];

/** The definition, word by word, with products of any size. */
function plainPermutation(of: RandomStream, draw: number, length: number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  const words = randomWords(of, draw);
  for (let i = length - 1; i > 0; i--) {
    const word = words.next().value;
    const product = word * (i + 1);
    const j = product < 2 ** 53 ? Math.floor(product / 2 ** 32) : Number((BigInt(word) * BigInt(i + 1)) >> 32n);
    [order[i], order[j]] = [order[j] ?? -1, order[i] ?? -1];
  }
  return order;
}

/** Philox 4×32-10 in whole numbers of any size, round by round as the paper's figure 1 has it. */
function plainPhilox(counter: readonly number[], key: readonly number[]): number[] {
  let [a, b, c, d] = counter.map(BigInt);
  let [k, l] = key.map(BigInt);
  const word = 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const left = 0xd2511f53n * (a ?? 0n);
    const right = 0xcd9e8d57n * (c ?? 0n);
    [a, b, c, d] = [(right >> 32n) ^ (b ?? 0n) ^ (k ?? 0n), right & word, (left >> 32n) ^ (d ?? 0n) ^ (l ?? 0n), left & word];
    k = ((k ?? 0n) + 0x9e3779b9n) & word;
    l = ((l ?? 0n) + 0xbb67ae85n) & word;
  }
  return [a, b, c, d].map(Number);
}

describe('philox', () => {
  // The known answers of the authors' Random123, version 1.14.
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    { counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
    { counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], key: [0xa4093822, 0x299f31d0], words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1] },
  ] as const)('gives the known answer of counter $counter and key $key', ({ counter, key, words }) => {
    expect(philox(counter, key)).toEqual(words);
  });

  it('is the plain computation in whole numbers of any size, for words of all sizes', () => {
    for (let i = 0; i < 500; i++) {
      const [a, b, c, d] = philox([i, 1, 2, 3], [4, 5]);
      const counter = [a, b >>> (i % 32), c, i % 2 === 0 ? 0xffffffff : d] as const;
      expect(philox(counter, [d, a])).toEqual(plainPhilox(counter, [d, a]));
    }
  });
});

describe('randomWords', () => {
  it('gives the blocks of the draw one after the other', () => {
    const words = randomWords(stream, 9);
    const first = Array.from({ length: 8 }, () => words.next().value);
    expect(first).toEqual([...philox([0, 9, 2, 0x80000000], [0xffffffff, 3]), ...philox([1, 9, 2, 0x80000000], [0xffffffff, 3])]);
  });
});

describe('permutation', () => {
  it('is the exchange that its definition tells, word by word', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 6, 9, 17, 100, 1001, 2_500_000]) {
      expect(Buffer.from(permutation(stream, 7, length).buffer).equals(Buffer.from(Int32Array.from(plainPermutation(stream, 7, length)).buffer))).toBe(true);
    }
  }, 30_000);

  it('holds every place once, for every length up to 300', () => {
    for (let length = 0; length <= 300; length++) {
      expect([...permutation([length, 0, 0, 0], length, length)].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
    }
  });

  it('is another one for another draw and for another word of the stream', () => {
    const [seed, a, b, c] = stream;
    const others: RandomStream[] = [[seed - 1, a, b, c], [seed, a + 1, b, c], [seed, a, b + 1, c], [seed, a, b, c + 1]];
    const orders = [permutation(stream, 0, 50), permutation(stream, 1, 50), ...others.map((other) => permutation(other, 0, 50))];
    expect(new Set(orders.map((order) => order.join())).size).toBe(orders.length);
  });

  it('takes each of the 120 orders of five places equally often', () => {
    const draws = 24_000;
    const times = new Map<string, number>();
    for (let draw = 0; draw < draws; draw++) {
      const order = permutation([12, 0, 0, 0], draw, 5).join();
      times.set(order, (times.get(order) ?? 0) + 1);
    }
    const expected = draws / 120;
    const chiSquare = [...times.values()].reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(times.size).toBe(120);
    // 119 degrees of freedom: the middle 99.8 % lie between 75 and 173.
    expect(chiSquare).toBeGreaterThan(75);
    expect(chiSquare).toBeLessThan(173);
  });

  it('puts each of 40 places anywhere equally often', () => {
    const draws = 8000;
    const seen = new Float64Array(40 * 40);
    for (let draw = 0; draw < draws; draw++) {
      for (const [at, place] of permutation([13, 0, 0, 0], draw, 40).entries()) seen[at * 40 + place] = (seen[at * 40 + place] ?? 0) + 1;
    }
    const chiSquare = seen.reduce((sum, times) => sum + (times - draws / 40) ** 2 / (draws / 40), 0);
    // 39² = 1521 degrees of freedom: a standard deviation of 55.
    expect(Math.abs(chiSquare - 1521)).toBeLessThan(4 * 55);
  });
});
