/** The variables that network inference chooses among: x[process, t − lag]. */
import type { Variable } from '../../information/realisations.ts';

/** A variable of the past (or the present) of a process; `process` is its place in the frame. */
export interface NetworkVariable {
  readonly process: number;
  readonly lag: number;
}

export function sameVariable(a: NetworkVariable, b: NetworkVariable): boolean {
  return a.process === b.process && a.lag === b.lag;
}

/** Those that are not among others. */
export function without<V extends NetworkVariable>(variables: readonly V[], others: readonly NetworkVariable[]): V[] {
  return variables.filter((variable) => !others.some((other) => sameVariable(variable, other)));
}

export function realised({ process, lag }: NetworkVariable): Variable {
  return { series: process, lag };
}

/** A 32-bit word that no other variable has: lags are at most 10,000, processes at most 2¹⁸. */
export function variableWord({ process, lag }: NetworkVariable): number {
  return process * 2 ** 14 + lag;
}
