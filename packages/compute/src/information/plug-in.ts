/**
 * Plug-in entropies from counts. Sums run over how often each count occurs, smallest count first, so that the same
 * counts give the same bits whatever the order of states: a surrogate that equals the value is not taken for smaller.
 */
import type { States } from './states.ts';

/** n log₂ n for n = 0 … `most`. */
export function weightTable(most: number): Float64Array<ArrayBuffer> {
  const table = new Float64Array(most + 1);
  for (let n = 2; n <= most; n += 1) table[n] = n * Math.log2(n);
  return table;
}

/** How often each state occurs. */
export function countsOf({ of, count }: States): Int32Array<ArrayBuffer> {
  const counts = new Int32Array(count);
  for (let i = 0; i < of.length; i += 1) counts[of[i] ?? 0] = (counts[of[i] ?? 0] ?? 0) + 1;
  return counts;
}

/** Σ n log₂ n over the counts n. */
export function sumOfWeights(counts: Int32Array, weights: Float64Array): number {
  let most = 0;
  for (let s = 0; s < counts.length; s += 1) most = Math.max(most, counts[s] ?? 0);
  const occurrences = new Int32Array(most + 1);
  for (let s = 0; s < counts.length; s += 1) occurrences[counts[s] ?? 0] = (occurrences[counts[s] ?? 0] ?? 0) + 1;
  let sum = 0;
  for (let n = 2; n <= most; n += 1) sum += (occurrences[n] ?? 0) * (weights[n] ?? 0);
  return sum;
}

/** The entropy of the states in bits: log₂ N − Σ n log₂ n / N. */
export function plugInEntropy(states: States): number {
  const n = states.of.length;
  return (n * Math.log2(n) - sumOfWeights(countsOf(states), weightTable(n))) / n;
}
