/** What is grouped: points in the coordinates of the series, of the rows, or of statistics. */
import { clusterFeatures, type ClusterParams, silhouettePoints } from '@corrente/shared/contract/analyses/cluster';
import type { Columns, Engine, OpOptions } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { CondensedDistances } from '../../statistics/hierarchy.ts';
import type { PartColumn } from '../analysis.ts';
import { transposed } from '../pca/decompose.ts';
import { innerProducts } from '../pca/inner-products.ts';
import { completeRows, rowsOf } from '../pca/rows.ts';
import { seriesFeatures } from './features.ts';

export interface Points {
  /** [dimensions × points], as engines group them. */
  readonly block: Columns;
  /** Of each dimension, what brings a coordinate back to its own unit: value = mean + deviation · coordinate. */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** The first column of the assignments. */
  readonly members: PartColumn;
  /** Names of the dimensions as a column of centroids, each once for every of so many clusters. */
  readonly dimensions: (clusters: number) => PartColumn;
}

/** Rows that take part. */
export function takenRows(frame: Frame, { missing }: ClusterParams): Int32Array<ArrayBuffer> {
  return missing === 'skip' ? completeRows(frame) : Int32Array.from({ length: frame.length }, (_, t) => t);
}

/** Each row of a block about its mean and over its standard deviation (divided by the number of values). A constant one is 0 throughout. */
export function standardised({ values, series, length, stride }: Columns): { block: Columns; mean: Float64Array; deviation: Float64Array } {
  const [mean, deviation] = [new Float64Array(series), new Float64Array(series)];
  const scaled = values.slice();
  for (let s = 0; s < series; s++) {
    const row = scaled.subarray(s * stride, s * stride + length);
    // About the first value, so that a large level costs no digits.
    const origin = row[0] ?? Number.NaN;
    const about = row.reduce((sum, value) => sum + (value - origin), 0) / length;
    const constant = row.every((value) => value === origin);
    const spread = constant ? 1 : Math.sqrt(row.reduce((sum, value) => sum + (value - origin - about) ** 2, 0) / length);
    mean[s] = origin + about;
    deviation[s] = spread;
    for (let t = 0; t < length; t++) row[t] = constant ? 0 : ((row[t] ?? Number.NaN) - origin - about) / spread;
  }
  return { block: { values: scaled, series, length, stride }, mean, deviation };
}

const asTheyAre = (block: Columns): { block: Columns; mean: Float64Array; deviation: Float64Array } => ({ block, mean: new Float64Array(block.series), deviation: new Float64Array(block.series).fill(1) });

/** 0 … each - 1, `count` times over. */
const repeated = (count: number, each: number): Int32Array => Int32Array.from({ length: count * each }, (_, at) => at % each);

export function pointsOf(frame: Frame, params: ClusterParams): Points {
  const rows = takenRows(frame, params);
  const taken = rows.length === frame.length ? frame : rowsOf(frame, rows);
  const times = BigInt64Array.from(rows, (t) => frame.time[t] ?? 0n);
  if (params.of === 'rows') {
    return {
      ...(params.standardise ? standardised(taken) : asTheyAre(taken)),
      members: times,
      dimensions: (clusters) => ({ names: frame.names, indices: repeated(clusters, frame.series) }),
    };
  }
  const members: PartColumn = { names: frame.names, counts: frame.names.map(() => 1) };
  if (params.features === 'statistics') {
    return { ...standardised(seriesFeatures(taken)), members, dimensions: (clusters) => ({ names: clusterFeatures, indices: repeated(clusters, clusterFeatures.length) }) };
  }
  // Coordinates of a series stay in its standard deviations: each member has its own.
  const block = transposed(params.standardise ? standardised(taken).block : taken);
  return { ...asTheyAre(block), members, dimensions: (clusters) => BigInt64Array.from(repeated(clusters, rows.length), (at) => times[at] ?? 0n) };
}

/** Points that silhouettes are taken of: all, or so many spread evenly. */
export function judgedPoints(count: number): Int32Array<ArrayBuffer> {
  const judged = Math.min(count, silhouettePoints);
  return Int32Array.from({ length: judged }, (_, i) => Math.floor((i * count) / judged));
}

/** Euclidean distances of some of the points. */
export async function distancesOf(engine: Engine, { block }: Points, which: Int32Array, options: OpOptions): Promise<CondensedDistances> {
  const n = which.length;
  const products = await innerProducts(engine, transposed(rowsOf(block, which)), options);
  const distances = new Float64Array((n * (n - 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, at++) distances[at] = Math.sqrt(Math.max(0, (products[i * n + i] ?? Number.NaN) + (products[j * n + j] ?? Number.NaN) - 2 * (products[i * n + j] ?? Number.NaN)));
  }
  return distances;
}
