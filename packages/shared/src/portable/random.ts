/**
 * Counter-based random numbers: every number is a pure function of the seed and of where it is used, so that no order
 * of work, number of threads, worker or engine changes it. native/kernels/common/random.h is its twin, bit for bit.
 *
 * Philox 4×32 with 10 rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
 */

/** The seed, and three words that no other use of that seed has. Each from 0 to 2³² - 1. */
export type RandomStream = readonly [seed: number, a: number, b: number, c: number];

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

/** The upper 32 bits of the product of two 32-bit words. */
function highProduct(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const low = Math.imul(aLow, bLow) >>> 0;
  // Neither sum leaves 32 bits: (2¹⁶ - 1)² + 2 (2¹⁶ - 1) = 2³² - 1.
  const middle = (Math.imul(aHigh, bLow) + (low >>> 16)) >>> 0;
  const cross = (Math.imul(aLow, bHigh) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) >>> 0;
}

/** Writes philox of the counter and the key into the first four words of `out`. */
export function philoxInto(out: Uint32Array, counter0: number, counter1: number, counter2: number, counter3: number, key0: number, key1: number): void {
  let c0 = counter0 >>> 0;
  let c1 = counter1 >>> 0;
  let c2 = counter2 >>> 0;
  let c3 = counter3 >>> 0;
  let k0 = key0 >>> 0;
  let k1 = key1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(multiplier0, c0);
    const high1 = highProduct(multiplier1, c2);
    const low0 = Math.imul(multiplier0, c0) >>> 0;
    const low1 = Math.imul(multiplier1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** Four words, of a counter of four words and a key of two. */
export function philox(counter: readonly [number, number, number, number], key: readonly [number, number]): [number, number, number, number] {
  const words = new Uint32Array(4);
  philoxInto(words, ...counter, ...key);
  return [words[0]!, words[1]!, words[2]!, words[3]!];
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
  const order = new Int32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  const [seed, a, b, c] = stream;
  const words = new Uint32Array(4);
  let next = 4;
  let block = 0;
  for (let i = length - 1; i > 0; i--) {
    if (next === 4) {
      philoxInto(words, block++, draw, a, b, seed, c);
      next = 0;
    }
    const j = highProduct(words[next++]!, i + 1);
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}
