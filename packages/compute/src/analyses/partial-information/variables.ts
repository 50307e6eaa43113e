/** Which variables take part: the target, and each source so many samples back. */
import type { PartialInformationParams } from '@corrente/shared/contract/analyses/partial-information';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import { bin } from '../../information/discretise.ts';
import { embed, longestLag, type Span, spanOf, type Variable } from '../../information/realisations.ts';
import { type States, statesOf } from '../../information/states.ts';

export interface PartialVariables {
  readonly target: Variable;
  readonly sources: readonly Variable[];
}

/** Throws `unknown-series` with a pointer to the name that the frame does not have. */
export function variablesOf({ target, sources, delay }: PartialInformationParams, names: readonly string[]): PartialVariables {
  const place = (name: string, pointer: string): number => {
    const found = names.indexOf(name);
    if (found >= 0) return found;
    throw new CorrenteError('unknown-series', `${pointer.replace('/params/', '')} names "${name}"; the selection has ${names.join(', ')}.`, { places: [{ pointer, detail: `there is no series ${name} in the selection` }] });
  };
  const of = target === null ? names.length - 1 : place(target, '/params/target');
  const others = names.map((_, series) => ({ series, lag: delay })).filter(({ series }) => series !== of);
  const named = sources?.map((source, i): Variable => {
    const pointer = `/params/sources/${i}`;
    return typeof source === 'string' ? { series: place(source, pointer), lag: delay } : { series: place(source.series, pointer), lag: source.lag };
  });
  return { target: { series: of, lag: 0 }, sources: named ?? others };
}

/** A variable in words: the name of the series, and how far back it is. */
export function wordsOf({ series, lag }: Variable, names: readonly string[]): string {
  return lag === 0 ? (names[series] ?? '') : `${names[series]}[t-${lag}]`;
}

export interface PartialStates {
  readonly target: States;
  readonly sources: readonly States[];
  readonly span: Span;
}

/** The states of each variable at the times that all of them have, values in bins where these are wanted. */
export function partialStates(params: PartialInformationParams, frame: Frame, { target, sources }: PartialVariables): PartialStates {
  const columns: Columns = isBinned(params) ? bin(frame, params.binning, params.bins ?? 0) : frame;
  const span = spanOf({ ...columns, trials: frame.trials }, longestLag(sources));
  const states = (variable: Variable): States => statesOf(embed(columns, [variable], span), null);
  return { target: states(target), sources: sources.map(states), span };
}

/** Whether values are put into bins first; else they must be whole numbers. */
export function isBinned({ bins, binning }: PartialInformationParams): boolean {
  return bins !== null && binning !== 'none';
}
