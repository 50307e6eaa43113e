/** Series as the estimator takes them: with noise, in bins, as ordinal patterns, or as they are. */
import type { InformationMeasureParams } from '@corrente/shared/contract/analyses/information-measure';
import { uniformDraw } from '../../information/draws.ts';
import { bin, ordinalPatterns, patternCount } from '../../information/discretise.ts';
import { stack, type TrialColumns } from '../../information/realisations.ts';
import type { Frame } from '../../frame/frame.ts';

export interface Prepared {
  readonly columns: TrialColumns;
  /** Rows at the start of each trial that have no prepared value. */
  readonly skipped: number;
  /** How many values a discrete variable can take; null where it is not known. */
  readonly alphabet: number | null;
}

/** What noise is called among the random streams of a seed: no measure has this word. */
const noiseWord = 0xffff_ffff;

export function prepare(frame: Frame, params: InformationMeasureParams, seed: number): Prepared {
  const columns = params.noise > 0 ? withNoise(frame, params.noise, seed) : frame;
  if (params.estimator === 'symbolic') {
    return { columns: ordinalPatterns({ ...columns, trials: frame.trials }, params.patternOrder, params.patternTau), skipped: (params.patternOrder - 1) * params.patternTau, alphabet: patternCount(params.patternOrder) };
  }
  if (params.estimator !== 'discrete') return { columns: { ...columns, trials: frame.trials }, skipped: 0, alphabet: null };
  const binned = params.bins !== null && params.binning !== 'none';
  return { columns: { ...bin(columns, binned ? params.binning : 'none', params.bins ?? 0), trials: frame.trials }, skipped: 0, alphabet: params.base ?? (binned ? params.bins : null) };
}

/** Gaussian noise of `share` standard deviations of each series, by Box and Muller (1958), keyed by series and row. */
function withNoise(frame: Frame, share: number, seed: number): TrialColumns {
  const noisy = stack([frame]);
  for (let s = 0; s < noisy.series; s += 1) {
    const values = noisy.values.subarray(s * noisy.stride, s * noisy.stride + noisy.length);
    const scale = share * deviation(values);
    for (let t = 0; t < values.length; t += 1) {
      const radius = Math.sqrt(-2 * Math.log(uniformDraw([seed, s, noiseWord, 0], t)));
      values[t] = (values[t] ?? 0) + scale * radius * Math.cos(2 * Math.PI * uniformDraw([seed, s, noiseWord, 1], t));
    }
  }
  return noisy;
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
}
