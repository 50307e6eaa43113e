/** What the estimators of this process draw at random: permutations of X, and values of a known distribution. */
import { permutation, randomWords, type RandomStream } from '@corrente/shared/portable/random';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { EstimateRequest } from './estimator.ts';

/** Draw `draw` of a stream, uniform in (0, 1), from 53 random bits. */
export function uniformDraw(stream: RandomStream, draw: number): number {
  const words = randomWords(stream, draw);
  const high = words.next().value >>> 5;
  const low = words.next().value >>> 6;
  return (high * 2 ** 26 + low + 0.5) / 2 ** 53;
}

/** The ordering of surrogate `draw` of a request that permutes X: x'[i] = x[ordering[i]]. */
export function orderingOf({ source, surrogates, null: distribution }: EstimateRequest, draw: number): Int32Array {
  if (distribution.kind === 'permuted') return permutation(distribution.stream, draw, source.length);
  if (distribution.kind === 'analytic') throw new CorrenteError('internal', 'An ordering was asked for of a null distribution that permutes nothing.');
  if (distribution.orderings.length !== surrogates * source.length) {
    throw new CorrenteError('internal', `There are ${distribution.orderings.length} places in the orderings; ${surrogates} surrogates of ${source.length} realisations need ${surrogates * source.length}.`);
  }
  return distribution.orderings.subarray(draw * source.length, (draw + 1) * source.length);
}
