/**
 * Counter-based random numbers: every number is a pure function of the seed and of where it is used, so that no order
 * of work, number of threads, worker or engine changes it. native/kernels/common/random.h is its twin, bit for bit.
 *
 * Philox 4×32 with 10 rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
 */

/** The seed, and three words that no other use of that seed has. Each from 0 to 2³² - 1. */
export type RandomStream = readonly [seed: number, a: number, b: number, c: number];

const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const weyl = [0x9e3779b9, 0xbb67ae85] as const;

/** The upper 32 bits of the product of two 32-bit words. */
function highProduct(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 0x10000);
  const cross = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) >>> 0;
}

/** Four words, of a counter of four words and a key of two. */
export function philox(counter: readonly [number, number, number, number], key: readonly [number, number]): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round += 1) {
    const high0 = highProduct(multipliers[0], c0);
    const high1 = highProduct(multipliers[1], c2);
    const low0 = Math.imul(multipliers[0], c0);
    const low1 = Math.imul(multipliers[1], c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1 >>> 0, (high0 ^ c3 ^ k1) >>> 0, low0 >>> 0];
    k0 = (k0 + weyl[0]) >>> 0;
    k1 = (k1 + weyl[1]) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The words of draw `draw` of a stream, one after the other: block b is philox((b, draw, a, b'), (seed, c)). */
export function* randomWords(stream: RandomStream, draw: number): Generator<number, never> {
  for (let block = 0; ; block += 1) yield* philox([block, draw, stream[1], stream[2]], [stream[0], stream[3]]);
}

/**
 * A permutation of 0 … length - 1 (Fisher and Yates, from the end): for i = length - 1 … 1 the next word w exchanges
 * places i and ⌊w (i + 1) / 2³²⌋. Of its permutations none is favoured by more than length / 2³².
 */
export function permutation(stream: RandomStream, draw: number, length: number): Int32Array<ArrayBuffer> {
  const order = Int32Array.from({ length }, (_, i) => i);
  const words = randomWords(stream, draw);
  for (let i = length - 1; i > 0; i -= 1) {
    const j = Math.floor((words.next().value * (i + 1)) / 0x1_0000_0000);
    const moved = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = moved;
  }
  return order;
}
