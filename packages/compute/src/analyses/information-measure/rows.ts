/** Rows of the table `values`. */
import type { InformationMeasureParams } from '@corrente/shared/contract/analyses/information-measure';
import type { Embedding } from '../../information/embedding.ts';
import type { PartColumn } from '../analysis.ts';
import type { Question } from './questions.ts';

export interface ValueRow {
  readonly question: Question;
  readonly value: number;
  readonly n: number;
  /** NaN where there is none. */
  readonly p: number;
  readonly source: Embedding | null;
  readonly target: Embedding | null;
}

/** Names of series taken together. */
export const joined = (places: readonly number[], names: readonly string[]): string => places.map((place) => names[place] ?? '').join(', ');

/** The rows as columns, in the order of the contract's table. */
export function valueColumns(rows: readonly ValueRow[], { conditional, alpha, embedding }: InformationMeasureParams, unit: string, names: readonly string[]): PartColumn[] {
  const reals = (of: (row: ValueRow) => number): Float64Array<ArrayBuffer> => Float64Array.from(rows, of);
  return [
    rows.map(({ question }) => (question.source.length === 0 ? null : joined(question.source, names))),
    rows.map(({ question }) => joined(question.target, names)),
    reals(({ value }) => value),
    { names: [unit], counts: [rows.length] },
    Int32Array.from(rows, ({ n }) => n),
    reals(({ p }) => p),
    ...(conditional === null ? [] : [rows.map(({ question }) => (question.conditional.length === 0 ? null : joined(question.conditional, names)))]),
    ...(alpha === null ? [] : [rows.map(({ p }) => p < alpha)]),
    ...(embedding === 'given' ? [] : [rows.map(({ target }) => target?.history ?? null), rows.map(({ target }) => target?.tau ?? null), rows.map(({ source }) => source?.history ?? null), rows.map(({ source }) => source?.tau ?? null)]),
  ];
}
