/** The estimators by name. */
import type { Engine } from '../engine/contract.ts';
import { discreteEstimator } from './discrete.ts';
import type { ConditionalEstimator } from './estimator.ts';
import { gaussianEstimator } from './gaussian.ts';
import { neighbourEstimator } from './neighbours.ts';

export const estimatorNames = ['ksg1', 'ksg2', 'gaussian', 'discrete', 'kernel', 'symbolic'] as const;
export type EstimatorName = (typeof estimatorNames)[number];

/** Each estimator reads what concerns it. */
export interface EstimatorSettings {
  /** k of ksg1 and ksg2. */
  readonly neighbours: number;
  /** ksg1, ksg2 and kernel: points up to this many places away are no neighbours. */
  readonly theiler: number;
  /** kernel: half the side of its box. */
  readonly width: number;
  /** discrete and symbolic: how many values each variable can take; null counts those that occur. */
  readonly alphabet: number | null;
  /** gaussian: whether the mean of the value under the null hypothesis is subtracted. */
  readonly biasCorrection: boolean;
}

export const defaultSettings: EstimatorSettings = { neighbours: 4, theiler: 0, width: 0.25, alphabet: null, biasCorrection: false };

/**
 * An estimator of I(X; Y | Z). Realisations come as it takes them: normalised where that is wanted (`normaliseColumns`,
 * `standardiseSeries`), whole numbers for discrete, ordinal patterns for symbolic (`ordinalPatterns`).
 */
export function openEstimator(name: EstimatorName, settings: Partial<EstimatorSettings>, engine: Engine): ConditionalEstimator {
  const { neighbours, theiler, width, alphabet, biasCorrection } = { ...defaultSettings, ...settings };
  switch (name) {
    case 'ksg1':
    case 'ksg2':
      return neighbourEstimator({ estimator: name, neighbours, theiler }, engine);
    case 'kernel':
      return neighbourEstimator({ estimator: 'kernel', width, theiler }, engine);
    case 'gaussian':
      return gaussianEstimator({ biasCorrection });
    case 'discrete':
    case 'symbolic':
      return discreteEstimator({ alphabet });
  }
}
