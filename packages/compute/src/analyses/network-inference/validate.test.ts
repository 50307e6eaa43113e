import { networkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import type { ErrorCode } from '@corrente/shared/contract/errors';
import { expect, it } from 'vitest';
import { columnsOf, seriesOf } from '../../../test/series/columns.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { independentFrame } from './network.testing.ts';
import { tiedSeries, validateNetworkInference } from './validate.ts';

const frame = independentFrame(3, 100, 1);
const validate = (params: unknown, of: Frame = frame): void => validateNetworkInference(networkInferenceParams.parse(params), of);
/** The frame with one more series. */
const withSeries = (last: (t: number) => number): Frame => frameOf(columnsOf([0, 1, 2].map((s) => seriesOf(frame, s)).concat(Float64Array.from({ length: 100 }, (_, t) => last(t)))));

const refused: ReadonlyArray<[name: string, params: unknown, frame: Frame, code: ErrorCode, message: string]> = [
  ['too few samples for the lags', { maxLagSources: 95 }, frame, 'too-few-samples', 'There are 100 rows; lags of up to 95 leave 5 samples, and at least 10 are needed for 4 neighbours.'],
  ['lags beyond the series', { maxLagSources: 200 }, frame, 'too-few-samples', 'lags of up to 200 leave 0 samples'],
  ['as many neighbours as samples', { neighbours: 95 }, frame, 'too-few-samples', 'leave 95 samples, and at least 96 are needed for 95 neighbours'],
  ['a Theiler window that leaves too few', { theiler: 46 }, frame, 'too-few-samples', 'at least 97 are needed for 4 neighbours and a Theiler window of 46'],
  ['trials that are too short', {}, independentFrame(3, 100, 1, 20), 'too-few-samples', 'There are 5 rows in each of 20 trials; lags of up to 5 leave 0 samples'],
  ['a constant series', {}, withSeries(() => 3), 'constant-series', '"s3" is 3 throughout'],
  ['a duplicate', {}, withSeries((t) => seriesOf(frame, 1)[t] ?? 0), 'duplicate-series', '"s1" and "s3" are the same in all 100 rows'],
  ['missing values', {}, withSeries((t) => (t < 2 ? Number.NaN : t * t)), 'missing-values', '1 of 4 series have missing values: "s3" 2 of 100'],
  ['permutations that no p can be small enough with', { permutations: { omnibus: 20 } }, frame, 'too-few-permutations', 'permutations/omnibus is 20; the smallest p is then 0.05, which is not below alpha 0.05: at least 21 are needed'],
  ['an alpha too small for them', { alpha: 0.001 }, frame, 'too-few-permutations', 'permutations/maxStatistic is 200; the smallest p is then 0.005'],
  ['a target among its own sources', { targets: ['s1'], sources: ['s0', 's1'] }, frame, 'invalid-params', 'names "s1", which is a target'],
  ['a target among the sources named for it', { sources: { s1: ['s0', 's1'] } }, frame, 'invalid-params', 'names "s1" among its own sources'],
  ['sources of what is no target', { targets: ['s0'], sources: { s1: ['s0'] } }, frame, 'invalid-params', 'names sources of "s1", which is not among the targets s0'],
  ['an unknown target', { targets: ['s0', 's9'] }, frame, 'unknown-series', 'targets/1 names "s9"; there are s0, s1, s2'],
  ['an unknown source', { sources: ['s9'] }, frame, 'unknown-series', 'sources/0 names "s9"'],
  ['an unknown condition', { conditionals: [{ process: 's9', lag: 1 }] }, frame, 'unknown-series', 'names "s9"'],
  ['a target that is named twice', { targets: ['s0', 's0'] }, frame, 'invalid-params', 'targets/1 names "s0" again'],
  ['the present of the target as a condition', { targets: ['s0'], conditionals: [{ process: 's0', lag: 0 }] }, frame, 'invalid-params', 'is the present of the target "s0" itself'],
  ['whole numbers that are none', { estimator: 'discrete' }, frame, 'not-discrete', '"s0" is '],
  ['noise on whole numbers', { estimator: 'discrete', noise: 1e-8 }, frame, 'invalid-params', 'noise is 1e-8; the discrete estimator without bins'],
  ['one series', {}, frameOf(columnsOf([seriesOf(frame, 0)])), 'too-few-series', 'There is 1 series; multivariate-te needs at least 2.'],
  ['transfer entropy from the present', { minLagSources: 0 }, frame, 'invalid-params', 'minLagSources is 0; transfer entropy needs'],
  ['a smallest lag above the largest', { minLagSources: 6 }, frame, 'invalid-params', 'minLagSources is 6; maxLagSources is 5'],
  ['an analytic distribution that is not known', { nullDistribution: 'analytic' }, frame, 'invalid-params', 'the distribution of ksg1 is not known'],
  ['prediction of states', { estimator: 'symbolic', targetEmbedding: 'ragwitz' }, frame, 'invalid-params', 'targetEmbedding is ragwitz'],
  ['a bias that is not known', { estimator: 'kernel', sourceEmbedding: 'max-ais' }, frame, 'invalid-params', 'sourceEmbedding is max-ais'],
  ['blocks that do not fit', { surrogates: { method: 'block', blockSize: 60 } }, frame, 'invalid-params', 'surrogates.blockSize is 60; at least two blocks of 95 realisations allow at most 47'],
  ['a shift that does not fit, where any test permutes in time', { surrogates: { method: 'circular', maxShift: 20 }, maxLagSources: 1, permutations: { maxStatistic: 1000 } }, independentFrame(3, 120, 1, 6), 'invalid-params', 'surrogates.maxShift is 20; a circle of 19 realisations allow at most 18'],
  ['trials too short to be permuted in time', { surrogates: { acrossTrials: false } }, independentFrame(3, 120, 1, 15), 'too-few-samples', 'surrogates/method is random, which has 6 orders of the 3 samples of each trial; their smallest p is 0.167, which is not below alpha 0.05'],
  ['a circle with few shifts', { surrogates: { method: 'circular', maxShift: 20 } }, frame, 'too-few-samples', 'surrogates/method is circular, which has 20 orders of the 95 samples that the lags leave; their smallest p is 0.05'],
  ['a spacing of source lags above the largest', { tauSources: 6 }, frame, 'invalid-params', 'tauSources is 6; maxLagSources is 5'],
  ['a spacing of target lags above the largest', { maxLagTarget: 2, tauTarget: 3 }, frame, 'invalid-params', 'tauTarget is 3; the largest lag of the target is 2'],
  ['conditions of what has none', { method: 'active-information', conditionals: 'faes' }, frame, 'invalid-params', 'active-information has no conditions'],
];

it.each(refused)('%s: refused with the figure', (_, params, of, code, message) => {
  expect(() => validate(params, of)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

it.each([
  [{ maxLagSources: 95 }, '/params/maxLagSources'],
  [{ maxLagTarget: 95 }, '/params/maxLagTarget'],
  [{ method: 'active-information', maxLagSources: 95 }, '/params/maxLagSources'],
  [{ conditionals: [{ process: 's0', lag: 95 }] }, '/params/conditionals'],
  [{ neighbours: 95 }, '/params/neighbours'],
  [{ theiler: 60 }, '/params/neighbours'],
  [{ estimator: 'kernel', theiler: 60 }, '/params/theiler'],
])('too few samples point to what asks for more of them: %o to %s', (params, pointer) => {
  expect(() => validate(params)).toThrow(expect.objectContaining({ code: 'too-few-samples', places: [expect.objectContaining({ pointer })] }));
});

it('what is not used may be missing, constant, or the same', () => {
  expect(() => validate({ targets: ['s0'], sources: ['s1'] }, withSeries(() => Number.NaN))).not.toThrow();
  expect(() => validate({ targets: ['s0'], sources: { s0: ['s1'] } }, withSeries(() => 0))).not.toThrow();
});

it('short trials are enough where they are permuted whole, or where nothing is permuted', () => {
  const trials = independentFrame(3, 120, 1, 15);
  expect(() => validate({}, trials)).not.toThrow();
  expect(() => validate({ estimator: 'gaussian', surrogates: { acrossTrials: false } }, trials)).not.toThrow();
  expect(() => validate({ estimator: 'gaussian', nullDistribution: 'permutation', surrogates: { acrossTrials: false } }, trials)).toThrow('has 6 orders');
});

it('series may be named as the members of any object are', () => {
  const odd = frameOf(columnsOf([0, 1, 2].map((s) => seriesOf(frame, s))), { names: ['constructor', 'toString', 's2'] });
  expect(() => validate({ sources: { s2: ['toString'] } }, odd)).not.toThrow();
});

it('the present of sources is a lag for mutual information, and one series has storage', () => {
  expect(() => validate({ method: 'multivariate-mi', minLagSources: 0, maxLagSources: 0 })).not.toThrow();
  expect(() => validate({ method: 'active-information' }, frameOf(columnsOf([seriesOf(frame, 0)])))).not.toThrow();
});

it('values that recur are counted by series, but not where distances do not matter', () => {
  const tied = withSeries((t) => t % 10);
  const of = (params: unknown): unknown => tiedSeries(networkInferenceParams.parse(params), tied);
  expect(of({})).toEqual([{ name: 's3', ties: 90 }]);
  for (const params of [{ estimator: 'gaussian' }, { estimator: 'symbolic' }, { noise: 1e-8 }, { targets: ['s0'], sources: ['s1'] }]) expect(of(params)).toEqual([]);
});
