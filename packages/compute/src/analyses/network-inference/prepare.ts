/** The series as the estimators take them: normalised, with noise, in bins, as ordinal patterns. */
import type { NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import type { Columns } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import { bin, ordinalPatterns } from '../../information/discretise.ts';
import { uniformDraw } from '../../information/draws.ts';
import { standardiseSeries, type TrialColumns } from '../../information/realisations.ts';

/** Whether values are compared as they are, not measured. */
export function takesStates({ estimator }: NetworkInferenceParams): boolean {
  return estimator === 'discrete' || estimator === 'symbolic';
}

/** Whether the values themselves are the states: whole numbers are expected. */
export function expectsWholeNumbers({ estimator, bins, binning }: NetworkInferenceParams): boolean {
  return estimator === 'discrete' && (bins === null || binning === 'none');
}

/** Rows of a trial that are lost to ordinal patterns. */
export function lostRows({ estimator, patternOrder }: NetworkInferenceParams): number {
  return estimator === 'symbolic' ? patternOrder - 1 : 0;
}

export function prepareSeries(params: NetworkInferenceParams, frame: Frame, seed: number): TrialColumns {
  const { trials } = frame;
  const noisy = addNoise(params.normalise && !takesStates(params) ? standardiseSeries(frame) : frame, params.noise, seed);
  if (params.estimator === 'symbolic') return ordinalPatterns({ ...noisy, trials }, params.patternOrder, 1);
  return { ...(params.estimator === 'discrete' && params.bins !== null ? bin(noisy, params.binning, params.bins) : noisy), trials };
}

/** Gaussian noise by Box and Muller, of its own stream for each series; the block itself where there is none to add. */
function addNoise(source: Columns, deviation: number, seed: number): Columns {
  if (deviation === 0) return source;
  const { series, length } = source;
  const values = new Float64Array(series * length);
  for (let s = 0; s < series; s += 1) {
    // Streams of estimates have a stage in the second word, 1 at least: these never meet them.
    const stream = [seed, s, 0, 0] as const;
    for (let t = 0; t < length; t += 1) {
      const radius = Math.sqrt(-2 * Math.log(uniformDraw(stream, 2 * t)));
      values[s * length + t] = (source.values[s * source.stride + t] ?? Number.NaN) + deviation * radius * Math.cos(2 * Math.PI * uniformDraw(stream, 2 * t + 1));
    }
  }
  return { values, series, length, stride: length };
}
