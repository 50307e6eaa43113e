/**
 * X, Y and Z as JIDT embeds and normalises them, written from the reference text and not from the code it checks.
 */
import type { Columns } from '../../src/engine/contract.ts';
import { seriesOf } from '../series/columns.ts';
import { spaceOf } from '../series/information.ts';
import type { Spaces } from './information.ts';

/** Over the values in their order: the mean, then the deviation over n - 1, then (x - mean) / deviation. */
export function zScore(values: Float64Array): Float64Array {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return values.map((value) => (value - mean) / deviation);
}

/** One coordinate: series `series` so many rows before the current one. */
type Coordinate = readonly [series: number, lag: number];

/** The spaces of these coordinates, over the rows from the `first`-th at which the value is current. */
export function embedded(data: Columns, { x, y, z }: Readonly<Record<'x' | 'y' | 'z', readonly Coordinate[]>>, first: number, normalise: boolean): Spaces {
  const length = data.length - first;
  const space = (coordinates: readonly Coordinate[]): Columns =>
    spaceOf(
      coordinates.map(([series, lag]) => {
        const values = seriesOf(data, series).slice(first - lag, first - lag + length);
        return normalise ? zScore(values) : values;
      }),
      length,
    );
  return { x: space(x), y: space(y), z: space(z) };
}

/** `count` coordinates of a series, from `first` rows back in steps of `tau`. */
const history = (series: number, count: number, tau: number, first: number): Coordinate[] => Array.from({ length: count }, (_, m) => [series, first + m * tau] as const);

export interface TransferEntropy {
  readonly source: number;
  readonly target: number;
  readonly targetHistory: number;
  readonly targetTau: number;
  readonly sourceHistory: number;
  readonly sourceTau: number;
  readonly delay: number;
}

/** The source's past, the target's next value and the target's past; and the first row that has them all. */
export function transferEntropySpaces(data: Columns, how: TransferEntropy, normalise: boolean): { readonly spaces: Spaces; readonly first: number } {
  const first = Math.max((how.targetHistory - 1) * how.targetTau + 1, (how.sourceHistory - 1) * how.sourceTau + how.delay);
  const x = history(how.source, how.sourceHistory, how.sourceTau, how.delay);
  const z = history(how.target, how.targetHistory, how.targetTau, 1);
  return { spaces: embedded(data, { x, y: [[how.target, 0]], z }, first, normalise), first };
}

/** A process's past and its next value. */
export function activeStorageSpaces(data: Columns, process: number, pastLength: number, tau: number, normalise: boolean): Spaces {
  return embedded(data, { x: history(process, pastLength, tau, 1), y: [[process, 0]], z: [] }, (pastLength - 1) * tau + 1, normalise);
}

const atLag = (columns: readonly number[], lag: number): Coordinate[] => columns.map((series) => [series, lag] as const);

/** Some columns, others `timeDifference` rows later, and those of the condition. */
export function mutualInformationSpaces(data: Columns, first: readonly number[], second: readonly number[], condition: readonly number[], timeDifference: number, normalise: boolean): Spaces {
  return embedded(data, { x: atLag(first, timeDifference), y: atLag(second, 0), z: atLag(condition, 0) }, timeDifference, normalise);
}
