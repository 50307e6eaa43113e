/** Measures as information between variables: I(X; Y | Z) of which past and present values. */
import type { InformationMeasureParams } from '@corrente/shared/contract/analyses/information-measure';
import { type Embedding, pastOf } from '../../information/embedding.ts';
import type { Variable } from '../../information/realisations.ts';
import type { Question } from './questions.ts';

/** X is what surrogates permute. */
export interface ConditionalVariables {
  readonly x: readonly Variable[];
  readonly y: readonly Variable[];
  readonly z: readonly Variable[];
}

/** The embedding of each series in each role. */
export interface Embeddings {
  readonly source: (series: number) => Embedding;
  readonly target: (series: number) => Embedding;
}

const present = (series: readonly number[], lag = 0): Variable[] => series.map((one) => ({ series: one, lag }));

const past = (series: readonly number[], embedding: (series: number) => Embedding, first = 1): Variable[] => series.flatMap((one) => pastOf(one, embedding(one), first));

/**
 * te: I(past of the source, its latest value `delay` rows back; target | past of the target, past of the conditional).
 * mi, cmi: I(source `delay` rows back; target | conditional). ais: I(next; past); predictive-information:
 * I(next block; past block). Null for measures that are made of entropies.
 */
export function conditionalVariables({ source, target, conditional }: Question, params: InformationMeasureParams, embeddings: Embeddings): ConditionalVariables | null {
  const conditionalEmbedding = { history: params.conditionalHistory, tau: params.conditionalTau };
  switch (params.measure) {
    case 'te':
      return {
        x: past(source, embeddings.source, params.delay ?? 1),
        y: present(target),
        z: [...past(target, embeddings.target), ...past(conditional, () => conditionalEmbedding, params.conditionalDelay ?? 1)],
      };
    case 'mi':
    case 'cmi':
      return { x: present(source, params.delay ?? 0), y: present(target), z: present(conditional, params.conditionalDelay ?? 0) };
    case 'ais':
      return { x: present(target), y: past(target, embeddings.target), z: [] };
    case 'predictive-information': {
      const { history, tau } = { history: params.targetHistory, tau: params.targetTau };
      const next = past(target, () => ({ history, tau }), 0);
      return { x: next, y: past(target, () => ({ history, tau }), (history - 1) * tau + 1), z: [] };
    }
    default:
      return null;
  }
}

/** Of entropy, block-entropy and entropy-rate: H of the first variables less H of the second. */
export function entropyVariables(target: readonly number[], { measure, targetHistory, targetTau }: InformationMeasureParams): { of: Variable[]; less: Variable[] } {
  const block = (history: number, first: number): Variable[] => target.flatMap((series) => pastOf(series, { history, tau: targetTau }, first));
  if (measure === 'block-entropy') return { of: block(targetHistory, 0), less: [] };
  if (measure === 'entropy-rate') return { of: [...present(target), ...block(targetHistory, 1)], less: block(targetHistory, 1) };
  return { of: present(target), less: [] };
}
