/** Missing features of models that need each of them. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns } from '../engine/contract.ts';
import { meanOf } from './linear/moments.ts';

export type ImputeRule = 'none' | 'mean' | 'median';

/** What stands for a missing value of each feature, fitted on rows that have one; null where the rule is none. */
export function fitImputation(table: Columns, rule: ImputeRule): Float64Array<ArrayBuffer> | null {
  if (rule === 'none') return null;
  return Float64Array.from({ length: table.series }, (_, s) => {
    const present = columnOf(table, s).filter((value) => !Number.isNaN(value));
    if (present.length === 0) return 0;
    return rule === 'mean' ? meanOf({ values: present, series: 1, length: present.length, stride: present.length }, 0) : median(present);
  });
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function columnOf({ values, length, stride }: Columns, series: number): Float64Array {
  return values.subarray(series * stride, series * stride + length);
}

/** The block with `fills` in the place of what is missing in its first columns; itself where there are none. */
export function imputed(block: Columns, fills: Float64Array | null): Columns {
  if (fills === null) return block;
  const { series, length } = block;
  const values = new Float64Array(series * length);
  for (let s = 0; s < series; s++) {
    const own = values.subarray(s * length, (s + 1) * length);
    own.set(columnOf(block, s));
    const fill = fills[s];
    if (fill !== undefined) for (let t = 0; t < length; t++) if (Number.isNaN(own[t])) own[t] = fill;
  }
  return { values, series, length, stride: length };
}

/** Throws `missing-values` where a feature of the table is missing, naming those it is of. */
export function refuseMissing(table: Columns, names: readonly string[], model: string): void {
  const missing = names.flatMap((name, s) => {
    const count = columnOf(table, s).reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
    return count > 0 ? [`${name} at ${count}`] : [];
  });
  if (missing.length === 0) return;
  const shown = missing.length > 8 ? `${missing.slice(0, 8).join(', ')} and ${missing.length - 8} more` : missing.join(', ');
  throw new CorrenteError('missing-values', `Of ${table.length} rows, features are missing: ${shown}. The model ${model} needs them all: fill the input, set impute to mean or median, leave these features out, or take a forest or boosting, which have a way with them.`, {
    places: [{ pointer: '/params/impute', detail: `is none, and ${missing.length} of ${names.length} features are missing somewhere` }],
  });
}
