/**
 * What a neighbour count adds to an estimate, in fixed point: sums of integers are the same in whatever order they are
 * taken. The rule stands in native/kernels/common/information_tables.h, and these are its tables, entry by entry.
 */
import { digammas } from './digamma.ts';
import type { NeighbourRule } from './information-rule.ts';

/** Integers of up to 60 bits, by neighbour count, as high · 2²⁶ + low: sums of some millions of each half are exact. */
export interface FixedTable {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

const lowBits = 2 ** 26;

/** I = constant + (Σ over points of joint + z - xz - yz) / scale / N. */
export interface InformationTables {
  readonly constant: number;
  readonly scale: number;
  /** Null where every point has the same joint count, which `constant` tells. */
  readonly joint: FixedTable | null;
  /** Null where Z is empty and `constant` tells what it adds. */
  readonly z: FixedTable | null;
  /** Of the counts in XZ and in YZ. */
  readonly marginal: FixedTable;
}

/** The tables of a rule for N points; with `hasCondition`, Z has coordinates. */
export function informationTables(rule: NeighbourRule, length: number, hasCondition: boolean): InformationTables {
  const scale = scaleFor(length);
  const tableOf = (value: (n: number) => number): FixedTable => fixedTable(Float64Array.from({ length: length + 1 }, (_, n) => value(n)), scale);
  if (rule.estimator === 'kernel') {
    const logarithms = tableOf((n) => (n === 0 ? 0 : Math.log(n)));
    return { constant: 0, scale, joint: logarithms, z: logarithms, marginal: logarithms };
  }
  const psi = digammas(length + 1);
  const ofNeighbours = psi[rule.neighbours]!;
  if (rule.estimator === 'ksg1') {
    const next = tableOf((n) => psi[n + 1]!);
    return { constant: ofNeighbours, scale, joint: null, z: next, marginal: next };
  }
  const own = tableOf((n) => psi[n]!);
  if (!hasCondition) return { constant: ofNeighbours - 1 / rule.neighbours + psi[length]!, scale, joint: null, z: null, marginal: own };
  const reduced = tableOf((n) => (n === 0 ? 0 : psi[n]! - 1 / n));
  return { constant: ofNeighbours - 2 / rule.neighbours, scale, joint: null, z: own, marginal: reduced };
}

/** 2^(55 - b) with the least b for which 2^b ≥ N: no sum over N points passes 62 bits. */
function scaleFor(length: number): number {
  let bits = 0;
  while (2 ** bits < length) bits++;
  return 2 ** (55 - bits);
}

function fixedTable(values: Float64Array, scale: number): FixedTable {
  const entries = values.map((value) => Math.floor(value * scale + 0.5));
  const high = entries.map((entry) => Math.floor(entry / lowBits));
  return { high, low: entries.map((entry, n) => entry - high[n]! * lowBits) };
}

/** A sum of table entries: the same integer for any order of adding. */
export class FixedSum {
  #high = 0;
  #low = 0;

  add({ high, low }: FixedTable, n: number): void {
    this.#high += high[n]!;
    this.#low += low[n]!;
  }

  subtract({ high, low }: FixedTable, n: number): void {
    this.#high -= high[n]!;
    this.#low -= low[n]!;
  }

  /** The integer, rounded once. */
  toNumber(): number {
    return Number(BigInt(this.#high) * BigInt(lowBits) + BigInt(this.#low));
  }
}
