/** Groups of series that an analysis computes and stores together. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns } from '../engine/contract.ts';
import type { Frame } from '../frame/frame.ts';

/** Series [from, to) of a block, over the same memory. */
export function seriesOf({ values, length, stride }: Columns, from: number, to: number): Columns {
  return { values: values.subarray(from * stride, (to - 1) * stride + length), series: to - from, length, stride };
}

/** The times of the rows of `count` series, one series after the other. */
export function repeatedTime(time: BigInt64Array, count: number): BigInt64Array<ArrayBuffer> {
  const repeated = new BigInt64Array(time.length * count);
  for (let i = 0; i < count; i++) repeated.set(time, i * time.length);
  return repeated;
}

/** A group in words: its first and its last series. */
export function groupTitle(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? '') : `${names[0]} … ${names.at(-1)}`;
}

/** Throws `trials-unsupported` where the rows are those of several trials. */
export function refuseTrials({ trials, length }: Frame): void {
  if (trials > 1) throw new CorrenteError('trials-unsupported', `The data set has ${trials} trials of ${length / trials} rows; a window would run over the border of two.`, { places: [{ pointer: '/input/dataset', detail: `Has ${trials} trials.` }] });
}
