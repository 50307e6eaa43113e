/** Tables of features for tests. */
import { columnsOf } from '../../test/series/columns.ts';
import type { FeatureTable } from './features.ts';

/** Features and the target as a table; features are called f0, f1, …. */
export function tableOf(features: readonly Float64Array[], target: Float64Array): FeatureTable {
  const { values, length, stride } = columnsOf([...features, target]);
  return { values: Float64Array.from(values), series: features.length, length, stride, names: features.map((_, f) => `f${f}`) };
}
