/**
 * Uniform embeddings: how many past values of a series, how far apart, tell most of its next one. Two criteria, as JIDT
 * offers them:
 *
 * ragwitz: the smallest mean squared error of predicting the next value as the mean of what followed the nearest
 *   neighbours of the past (Ragwitz and Kantz, Phys. Rev. E 65, 056201, 2002).
 * max-ais: the largest active information storage, less its bias where the estimator has one (Garland, James and
 *   Bradley, Phys. Rev. E 93, 022221, 2016). The Kraskov estimator corrects for it by itself.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns, OpOptions } from '../engine/contract.ts';
import type { ConditionalEstimator } from './estimator.ts';
import { nearestNeighbours } from './nearest.ts';
import { nothing } from './neighbours.ts';
import { embed, normaliseColumns, spanOf, type TrialColumns, type Variable } from './realisations.ts';

/** Past values at lags 1, 1 + tau, …, 1 + (history − 1) tau. */
export interface Embedding {
  readonly history: number;
  readonly tau: number;
}

export interface EmbeddingSearch {
  readonly criterion: 'ragwitz' | 'max-ais';
  readonly maxHistory: number;
  readonly maxTau: number;
  /** The longest lag that an embedding may reach; any where not given. */
  readonly longestLag?: number;
  /** Whether each embedded column is z-scored first. */
  readonly normalise: boolean;
  /** ragwitz: how many neighbours predict, and the Theiler window. */
  readonly neighbours: number;
  readonly theiler: number;
  /** max-ais. */
  readonly estimator: ConditionalEstimator;
}

/** The variables of `history` values `tau` apart, the latest `first` rows back. */
export function pastOf(series: number, { history, tau }: Embedding, first = 1): Variable[] {
  return Array.from({ length: history }, (_, i) => ({ series, lag: first + i * tau }));
}

/** Every embedding up to the largest; a history of 1 has no tau. */
export function embeddingsUpTo(maxHistory: number, maxTau: number): Embedding[] {
  return Array.from({ length: maxHistory }, (_, i) => i + 1).flatMap((history) => Array.from({ length: history === 1 ? 1 : maxTau }, (_, j) => ({ history, tau: j + 1 })));
}

/** The best embedding of one series; of equally good ones the first, shortest history first. */
export async function chooseEmbedding(source: TrialColumns, series: number, search: EmbeddingSearch, options: OpOptions): Promise<Embedding> {
  const { longestLag = Number.POSITIVE_INFINITY } = search;
  const candidates = embeddingsUpTo(search.maxHistory, search.maxTau).filter(({ history, tau }) => 1 + (history - 1) * tau <= longestLag);
  let best: Embedding = { history: 1, tau: 1 };
  let smallest = Number.POSITIVE_INFINITY;
  for (const [i, candidate] of candidates.entries()) {
    const past = pastOf(series, candidate);
    const span = spanOf(source, past.at(-1)?.lag ?? 1);
    const prepared = (variables: readonly Variable[]): Columns => (search.normalise ? normaliseColumns(embed(source, variables, span)) : embed(source, variables, span));
    const [pasts, next] = [prepared(past), prepared([{ series, lag: 0 }])];
    const within: OpOptions = { ...options, onProgress: (fraction) => options.onProgress?.((i + fraction) / candidates.length) };
    const cost = search.criterion === 'ragwitz' ? await predictionError(pasts, next, search, within) : -(await storage(pasts, next, search.estimator, within));
    if (cost < smallest) [best, smallest] = [candidate, cost];
  }
  return best;
}

/** The mean squared error of the prediction from the nearest neighbours of the past, in the maximum norm. */
async function predictionError(past: Columns, next: Columns, { neighbours, theiler }: EmbeddingSearch, options: OpOptions): Promise<number> {
  const { indices } = await nearestNeighbours(past, { neighbours, theiler, metric: 'maximum' }, options);
  let sum = 0;
  for (let i = 0; i < next.length; i += 1) {
    let prediction = 0;
    for (let j = 0; j < neighbours; j += 1) prediction += next.values[indices[i * neighbours + j] ?? 0] ?? 0;
    sum += ((next.values[i] ?? 0) - prediction / neighbours) ** 2;
  }
  return sum / next.length;
}

/** I(past; next) less its bias. */
async function storage(past: Columns, next: Columns, estimator: ConditionalEstimator, options: OpOptions): Promise<number> {
  const session = await estimator.open(past, nothing, options);
  try {
    const [values] = await session.estimate([{ source: next, surrogates: 0, null: { kind: 'permuted', stream: [0, 0, 0, 0] } }], options);
    const bias = session.bias(next);
    if (bias === null) throw new CorrenteError('invalid-params', 'The bias of this estimator is not known; max-ais takes ksg1, ksg2, gaussian, discrete or symbolic.', { places: [{ pointer: '/params/embedding', detail: 'must be given or ragwitz with this estimator' }] });
    return (values?.[0] ?? Number.NaN) - bias;
  } finally {
    session.close();
  }
}
