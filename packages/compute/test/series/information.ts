/** Spaces for estimates of I(X; Y | Z): points whose coordinates depend on each other across the spaces. */
import type { Columns } from '../../src/engine/contract.ts';
import type { Spaces } from '../oracle/information.ts';
import { columnsOf } from './columns.ts';
import { gaussian } from './random.ts';

/** How many coordinates X, Y and Z have. */
export type Dimensions = readonly [x: number, y: number, z: number];

export interface SpacesOptions {
  readonly seed?: number;
  /** Values are rounded to multiples of this: ties; as a power of two, numbers that floats represent. */
  readonly quantum?: number;
  /** Places between the coordinates' columns. */
  readonly padding?: number;
}

/** Columns [0 × length]. */
export const noColumns = (length: number): Columns => ({ values: new Float64Array(0), series: 0, length, stride: length });

/** `columnsOf`, for any number of series. */
export const spaceOf = (series: readonly Float64Array[], length: number, padding = 0): Columns => (series.length === 0 ? noColumns(length) : columnsOf(series, padding));

/** Gaussian points: Y leans on X and on Z, X on Z; the coordinates of a space have different scales. */
export function dependentSpaces([xs, ys, zs]: Dimensions, length: number, { seed = 1, quantum, padding = 0 }: SpacesOptions = {}): Spaces {
  const grid = (value: number): number => (quantum === undefined ? value : Math.round(value / quantum) * quantum);
  const noise = (space: number, d: number, i: number): number => gaussian(seed + 7919 * (space * 16 + d + 1), i);
  const coordinate = (value: (i: number) => number): Float64Array => Float64Array.from({ length }, (_, i) => grid(value(i)));
  const zOf = (d: number, i: number): number => (d < zs ? noise(2, d, i) : 0);
  const xOf = (d: number, i: number): number => (d < xs ? noise(0, d, i) + 0.6 * zOf(d, i) : 0);
  const x = Array.from({ length: xs }, (_, d) => coordinate((i) => (1 + d / 4) * xOf(d, i)));
  const y = Array.from({ length: ys }, (_, d) => coordinate((i) => 0.7 * noise(1, d, i) + 0.8 * xOf(0, i) - 0.5 * zOf(d, i)));
  const z = Array.from({ length: zs }, (_, d) => coordinate((i) => (1 - d / 16) * zOf(d, i)));
  return { x: spaceOf(x, length, padding), y: spaceOf(y, length, padding), z: spaceOf(z, length, padding) };
}
