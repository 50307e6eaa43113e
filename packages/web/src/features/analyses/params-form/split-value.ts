/** Train, validation and test rows as the form has them: shares of the rows, numbers of them, or the last date of each. */
import { defaultSplit } from '@corrente/shared/contract/analyses/forecast/params';
import { isJson } from './form-schema.ts';

export const splitParts = ['train', 'validation', 'test'] as const;
export type SplitPart = (typeof splitParts)[number];
export type SplitKind = 'shares' | 'rows' | 'dates';

/** What a value of the parameter is; what is no split yet counts as shares. */
export function splitKind(value: unknown): SplitKind {
  if (!isJson(value)) return 'shares';
  const parts = splitParts.map((part) => value[part]);
  if (parts.some((part) => typeof part === 'string')) return 'dates';
  return parts.some((part) => typeof part === 'number' && part > 1) ? 'rows' : 'shares';
}

/** A split of a kind to begin with; dates are still to be told, but for the last, which is the end of the data. */
export function firstSplit(kind: SplitKind): Record<SplitPart, unknown> {
  if (kind === 'dates') return { train: '', validation: '', test: null };
  return kind === 'rows' ? { train: 600, validation: 200, test: 200 } : { ...defaultSplit };
}

/** One part of a split as its input shows it. */
export function partOf(value: unknown, part: SplitPart): string | number {
  const found = isJson(value) ? value[part] : undefined;
  return typeof found === 'string' || typeof found === 'number' ? found : '';
}
