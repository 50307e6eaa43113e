/**
 * The union of several networks: per target every variable that any of the results chose, so that a link is estimated
 * on the same variables in all of them.
 */
import { methodTraits, type NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import type { Table } from 'apache-arrow';

/** A variable by the name of its process: results may have their series in another order. */
export interface NamedVariable {
  readonly process: string;
  readonly lag: number;
}

/** I(x; the present of the target | z). */
export interface UnionLink {
  readonly source: string;
  readonly target: string;
  /** Of x, the lag whose variable had the largest te in any result. */
  readonly lag: number;
  readonly x: readonly NamedVariable[];
  readonly z: readonly NamedVariable[];
  /** Results that have it, by their place. */
  readonly foundIn: ReadonlySet<number>;
}

interface ChosenRow extends NamedVariable {
  readonly result: number;
  readonly target: string;
  readonly kind: string;
  readonly te: number;
}

/**
 * The links of the union, by target and source in the order in which the results have them.
 * @param variables the table `variables` of each result.
 */
export function unionLinks(variables: readonly Table[], { method }: Pick<NetworkInferenceParams, 'method'>, onlySignificant: boolean): UnionLink[] {
  const rows = variables.flatMap((table, result) => chosenRows(table, result, onlySignificant));
  const { multivariate } = methodTraits(method);
  return [...Map.groupBy(rows, ({ target }) => target)].flatMap(([target, ofTarget]) => {
    const known = distinct(ofTarget.filter(({ kind }) => kind !== 'source'));
    const sources = distinct(ofTarget.filter(({ kind }) => kind === 'source'));
    return [...Map.groupBy(sources, ({ process }) => process)].map(([source, x]) => {
      const chosen = ofTarget.filter(({ kind, process }) => kind === 'source' && process === source);
      return {
        source,
        target,
        lag: strongestLag(chosen),
        x: x.toSorted((a, b) => a.lag - b.lag),
        z: [...known, ...(multivariate ? sources.filter(({ process }) => process !== source) : [])],
        foundIn: new Set(chosen.map(({ result }) => result)),
      };
    });
  });
}

function chosenRows(table: Table, result: number, onlySignificant: boolean): ChosenRow[] {
  const value = (column: string, row: number): unknown => table.getChild(column)?.get(row);
  return Array.from({ length: table.numRows }, (_, row) => row)
    .filter((row) => !(onlySignificant && value('kind', row) === 'source' && value('significant', row) !== true))
    .map((row) => ({ result, target: String(value('target', row)), process: String(value('process', row)), lag: Number(value('lag', row)), kind: String(value('kind', row)), te: Number(value('te', row) ?? Number.NaN) }));
}

function distinct(rows: readonly ChosenRow[]): NamedVariable[] {
  return rows.filter((row, i) => rows.findIndex((other) => other.process === row.process && other.lag === row.lag) === i).map(({ process, lag }) => ({ process, lag }));
}

/** Of equally strong ones the shortest, so that the order of the results plays no part. */
function strongestLag(rows: readonly ChosenRow[]): number {
  const better = (a: ChosenRow, b: ChosenRow): boolean => a.te > b.te || (a.te === b.te && a.lag < b.lag);
  return rows.reduce<ChosenRow | null>((best, row) => (best === null || better(row, best) ? row : best), null)?.lag ?? 0;
}
