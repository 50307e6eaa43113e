/** The rows of the result tables that one target makes. */
import type { NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import type { PartColumn } from '../analysis.ts';
import type { TargetSetup } from './candidates.ts';
import type { Verdict } from './fdr.ts';
import type { ChosenVariable, TargetState } from './target-state.ts';

export interface TargetRows {
  readonly params: NetworkInferenceParams;
  readonly names: readonly string[];
  readonly setup: TargetSetup;
  readonly state: TargetState;
  /** The verdict on this target; null while others are still to be done. */
  readonly verdict: { target: boolean; variable: (variable: ChosenVariable) => boolean } | null;
}

/** The verdict on the target at this place of all. */
export function verdictAt(verdict: Verdict, place: number): TargetRows['verdict'] {
  return { target: verdict.target(place), variable: (variable) => verdict.variable(place, variable) };
}

/** Table by table, the columns of its rows in the order of the contract. */
export function targetTables(rows: TargetRows): Array<[table: string, columns: PartColumn[]]> {
  const links: Array<[string, PartColumn[]]> = rows.params.method === 'active-information' ? [] : [['links', linkColumns(rows)]];
  return [...links, ['variables', variableColumns(rows)], ['targets', targetColumns(rows)], ['tests', testColumns(rows)]];
}

const real = (values: ReadonlyArray<number | null>): Float64Array<ArrayBuffer> => Float64Array.from(values, (value) => value ?? Number.NaN);
const repeated = (name: string | undefined, times: number): PartColumn => Array.from({ length: times }, () => name ?? null);

/** The first variable for which no other has a value further on. */
function foremost(variables: readonly ChosenVariable[], further: (a: ChosenVariable, b: ChosenVariable) => boolean): ChosenVariable | null {
  return variables.reduce<ChosenVariable | null>((best, variable) => (best === null || further(variable, best) ? variable : best), null);
}

function linkColumns({ names, setup, state, verdict }: TargetRows): PartColumn[] {
  const { links } = state;
  const ofLink = links.map(({ process }) => state.sources.filter((variable) => variable.process === process));
  const strongest = ofLink.map((variables) => foremost(variables, (a, b) => (a.te ?? 0) > (b.te ?? 0)));
  const surest = ofLink.map((variables) => foremost(variables, (a, b) => (a.p ?? 1) < (b.p ?? 1)));
  return [
    links.map(({ process }) => names[process] ?? null),
    repeated(names[setup.target], links.length),
    Int32Array.from(strongest, (variable) => variable?.lag ?? 0),
    real(links.map(({ te }) => te)),
    real(surest.map((variable) => variable?.p ?? null)),
    ofLink.map((variables) => (verdict === null ? null : variables.some(verdict.variable))),
    Int32Array.from(surest, (variable) => variable?.lag ?? 0),
    Int32Array.from(ofLink, (variables) => variables.length),
  ];
}

function variableColumns({ names, setup, state, verdict }: TargetRows): PartColumn[] {
  const forced = setup.forced.map((variable) => ({ ...variable, te: null, p: null, kind: 'conditional', significant: null }));
  const past = state.target.map((variable) => ({ ...variable, kind: 'target', significant: variable.p === null ? null : true }));
  const sources = state.sources.map((variable) => ({ ...variable, kind: 'source', significant: verdict?.variable(variable) ?? null }));
  const rows = [...forced, ...past, ...sources];
  return [
    repeated(names[setup.target], rows.length),
    rows.map(({ process }) => names[process] ?? null),
    Int32Array.from(rows, ({ lag }) => lag),
    rows.map(({ kind }) => kind),
    real(rows.map(({ te }) => te)),
    real(rows.map(({ p }) => p)),
    rows.map(({ significant }) => significant),
  ];
}

function targetColumns({ names, setup, state, verdict }: TargetRows): PartColumn[] {
  const { omnibus, sources, target, samples, estimates } = state;
  return [[names[setup.target] ?? null], real([omnibus?.te ?? null]), real([omnibus?.p ?? 1]), [verdict?.target ?? null], Int32Array.of(sources.length), Int32Array.of(target.length), Int32Array.of(samples), Int32Array.of(estimates)];
}

function testColumns({ names, setup, state: { tests } }: TargetRows): PartColumn[] {
  return [
    repeated(names[setup.target], tests.length),
    tests.map(({ stage }) => stage),
    tests.map(({ variable }) => (variable === null ? null : (names[variable.process] ?? null))),
    tests.map(({ variable }) => variable?.lag ?? null),
    real(tests.map(({ statistic }) => statistic)),
    real(tests.map(({ p }) => p)),
    Int32Array.from(tests, ({ permutations }) => permutations),
    tests.map(({ significant }) => significant),
  ];
}
