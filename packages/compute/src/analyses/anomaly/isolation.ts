/** Isolation forest: F. T. Liu, K. M. Ting and Z.-H. Zhou, "Isolation forest" (2008). */
import type { Columns, Engine, OpOptions } from '../../engine/contract.ts';
import type { IsolationRequest } from '../../engine/contract.trees.ts';

const euler = 0.5772156649015329;

/** The mean depth at which an unsuccessful search in a binary tree of n rows ends. */
export function meanDepth(n: number): number {
  if (n <= 1) return 0;
  return n === 2 ? 1 : 2 * (Math.log(n - 1) + euler) - (2 * (n - 1)) / n;
}

/** What describes a row: of each series its value and those `spacing`, 2 `spacing`, … rows before: [features × rows]. */
export function featureTable({ values, series, length, stride }: Columns, lags: number, spacing: number): Columns {
  const features = new Float64Array(series * (lags + 1) * length).fill(Number.NaN);
  for (let s = 0; s < series; s++) {
    for (let k = 0; k <= lags; k++) {
      const shift = k * spacing;
      if (shift < length) features.set(values.subarray(s * stride, s * stride + length - shift), (s * (lags + 1) + k) * length + shift);
    }
  }
  return { values: features, series: series * (lags + 1), length, stride: length };
}

/** Rows in which every feature is present. */
export function describedRows({ values, series, length, stride }: Columns): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length }, (_, t) => t).filter((t) => {
    for (let f = 0; f < series; f++) if (Number.isNaN(values[f * stride + t])) return false;
    return true;
  });
}

/** 2^(- mean depth of the row / mean depth of a tree) for each row; NaN where a feature is missing. */
export async function isolationScores(engine: Engine, table: Columns, request: Omit<IsolationRequest, 'train'>, options: OpOptions): Promise<Float64Array<ArrayBuffer>> {
  const train = describedRows(table);
  const sampleSize = Math.min(request.sampleSize, train.length);
  const within = (from: number): OpOptions => ({ ...options, precision: 'f64', onProgress: (fraction) => options.onProgress?.(from + fraction / 2) });
  const ensemble = await engine.growIsolation(table, { ...request, sampleSize, train }, within(0));
  const depths = await engine.predictTrees(table, ensemble, within(0.5));
  const score = new Float64Array(table.length).fill(Number.NaN);
  for (const t of train) score[t] = 2 ** (-(depths[t] ?? Number.NaN) / meanDepth(sampleSize));
  return score;
}
