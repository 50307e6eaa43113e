/** The tables of a network inference as lists of their rows, with names in place of columns. */
import type { NamedLink } from '../../../charts/network/network.ts';
import type { NetworkLink as LinkRow } from '@corrente/shared/network/link';
import type { TableStore } from '../table-store.ts';

/** A chosen variable: a process at a lag. */
export interface VariableRow {
  readonly target: string;
  readonly process: string;
  readonly lag: number;
  readonly kind: string;
  readonly te: number;
  readonly p: number;
}

export interface TestRow {
  readonly target: string;
  readonly stage: string;
  /** null where all variables are tested together. */
  readonly candidate: string | null;
  readonly lag: number;
  readonly statistic: number;
  readonly p: number;
  readonly permutations: number;
  readonly significant: boolean | null;
}

export interface TargetRow {
  readonly target: string;
  readonly omnibusTe: number;
  readonly omnibusP: number;
  readonly significant: boolean | null;
  readonly estimates: number;
}

export function linkRows(store: TableStore): NamedLink[] {
  const table = columnsOf(store);
  const [source, target, lag, te, p, significant] = [table.texts('source'), table.texts('target'), table.numbers('lag'), table.numbers('te'), table.numbers('p'), table.verdicts('significant')];
  return rows(store, (i) => ({ source: source[i] ?? '', target: target[i] ?? '', lag: lag[i]!, te: te[i]!, p: p[i]!, significant: significant[i]! }));
}

/** Links with all that a file of the network holds. */
export function exportedLinks(store: TableStore): LinkRow[] {
  const table = columnsOf(store);
  const [pLag, variables] = [table.numbers('p_lag'), table.numbers('variables')];
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  return linkRows(store).map(({ te, p, ...link }, i) => ({ ...link, te: known(te), p: known(p), p_lag: pLag[i]!, variables: variables[i]! }));
}

export function variableRows(store: TableStore): VariableRow[] {
  const table = columnsOf(store);
  const [target, process, lag, kind, te, p] = [table.texts('target'), table.texts('process'), table.numbers('lag'), table.texts('kind'), table.numbers('te'), table.numbers('p')];
  return rows(store, (i) => ({ target: target[i] ?? '', process: process[i] ?? '', lag: lag[i]!, kind: kind[i] ?? '', te: te[i]!, p: p[i]! }));
}

export function testRows(store: TableStore): TestRow[] {
  const table = columnsOf(store);
  const [target, stage, candidate, lag] = [table.texts('target'), table.texts('stage'), table.texts('candidate'), table.numbers('lag')];
  const [statistic, p, permutations, significant] = [table.numbers('statistic'), table.numbers('p'), table.numbers('permutations'), table.verdicts('significant')];
  return rows(store, (i) => ({ target: target[i] ?? '', stage: stage[i] ?? '', candidate: candidate[i] ?? null, lag: lag[i]!, statistic: statistic[i]!, p: p[i]!, permutations: permutations[i]!, significant: significant[i]! }));
}

export function targetRows(store: TableStore): TargetRow[] {
  const table = columnsOf(store);
  const [target, te, p, significant, estimates] = [table.texts('target'), table.numbers('omnibus_te'), table.numbers('omnibus_p'), table.verdicts('significant'), table.numbers('estimates')];
  return rows(store, (i) => ({ target: target[i] ?? '', omnibusTe: te[i]!, omnibusP: p[i]!, significant: significant[i]!, estimates: estimates[i]! }));
}

/** The tests of one target by stage, in the order in which the stages were gone through. */
export function testsByStage(tests: readonly TestRow[], target: string): ReadonlyMap<string, readonly TestRow[]> {
  return Map.groupBy(
    tests.filter((test) => test.target === target),
    ({ stage }) => stage,
  );
}

/** Columns by name; one that the table does not have is missing in every row. */
export function columnsOf(store: TableStore) {
  const texts = (name: string): (string | null)[] => {
    const column = store.columnNamed(name);
    return column === -1 ? Array.from({ length: store.rows }, () => null) : store.texts(column);
  };
  return {
    texts,
    numbers: (name: string): Float64Array => {
      const column = store.columnNamed(name);
      return column === -1 ? new Float64Array(store.rows).fill(Number.NaN) : store.numbers(column);
    },
    verdicts: (name: string): (boolean | null)[] => texts(name).map((text) => (text === null ? null : text === 'true')),
  };
}

export function rows<Row>(store: TableStore, row: (index: number) => Row): Row[] {
  return Array.from({ length: store.rows }, (_, index) => row(index));
}
