/** The edge series: what breaks kernels, under names that every engine's tests share. */
import { gaussian, gaussians, withMissing } from './random.ts';

export interface NamedSeries {
  readonly name: string;
  readonly values: Float64Array<ArrayBuffer>;
}

/** Sizes at, and one off, the widths that kernels are made of. */
export const offBlockLengths = [7, 8, 9, 15, 16, 17, 63, 64, 65, 1023, 1025] as const;

/** NaN in `values` wherever `missing(i)`. */
function punched(values: Float64Array, missing: (index: number) => boolean): Float64Array<ArrayBuffer> {
  return Float64Array.from(values, (value, i) => (missing(i) ? Number.NaN : value));
}

/** The shapes of trouble, each of this length (at least 8): they can be stacked into one block. */
export function edgeSeriesOfLength(length: number): NamedSeries[] {
  const noise = gaussians(11, length);
  const middle = length >> 1;
  const filled = (value: (index: number) => number): Float64Array<ArrayBuffer> => Float64Array.from({ length }, (_, i) => value(i));
  return [
    { name: 'constant', values: filled(() => 0.1) },
    { name: 'constant zero', values: filled(() => 0) },
    { name: 'constant with missing', values: punched(filled(() => 1 / 3), (i) => i % 5 === 2) },
    { name: 'NaN at the start', values: punched(noise, (i) => i < 3) },
    { name: 'NaN in the middle', values: punched(noise, (i) => i >= middle && i < middle + 2) },
    { name: 'NaN at the end', values: punched(noise, (i) => i >= length - 3) },
    { name: 'NaN at every other place', values: punched(noise, (i) => i % 2 === 1) },
    { name: 'NaN everywhere', values: filled(() => Number.NaN) },
    { name: 'one value among NaN', values: punched(noise, (i) => i !== middle) },
    { name: 'large offset and small noise', values: filled((i) => 1e9 + gaussian(12, i)) },
    { name: 'large offset, small noise and missing', values: withMissing(filled((i) => 1e9 + gaussian(13, i)), 0.1, 14) },
    { name: 'huge spike among small values', values: filled((i) => (i === middle ? 1e16 : gaussian(15, i))) },
    { name: 'huge spike first', values: filled((i) => (i === 0 ? 1e16 : gaussian(16, i))) },
    { name: 'huge spike with missing beside it', values: filled((i) => (i === middle ? -1e16 : i === middle + 1 ? Number.NaN : gaussian(17, i))) },
    { name: 'trend and noise', values: filled((i) => 0.25 * i + gaussian(18, i)) },
    { name: 'falling steps', values: filled((i) => -Math.floor(i / 4)) },
    { name: 'Gaussian', values: noise },
    { name: 'tiny values', values: filled((i) => 1e-15 * gaussian(19, i)) },
  ];
}

/** Every edge series: the shapes, the shortest ones, and the sizes one off the block, with and without missing. */
export const edgeSeries: readonly NamedSeries[] = [
  { name: 'empty', values: new Float64Array(0) },
  { name: 'one value', values: Float64Array.of(2.5) },
  { name: 'one missing value', values: Float64Array.of(Number.NaN) },
  { name: 'two values', values: Float64Array.of(-1, 3) },
  ...edgeSeriesOfLength(70).map(({ name, values }) => ({ name: `${name} (70)`, values })),
  ...offBlockLengths.flatMap((length) => [
    { name: `Gaussian (${length})`, values: gaussians(100 + length, length) },
    { name: `Gaussian with missing (${length})`, values: withMissing(gaussians(200 + length, length), 0.04, 300 + length) },
  ]),
];
