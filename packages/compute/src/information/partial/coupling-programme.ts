/**
 * The programme behind unique information: of all distributions q(t, x, y) with the given p(t, x) and p(t, y) the one
 * with the least Σ q ln (q(t, x, y) / q(x, y)) = −H(T | X, Y). For each t, q(·, · | t) is a coupling of two known
 * distributions; values of x or y that do not occur with t have no place in it.
 */
import { countsOf } from '../plug-in.ts';
import { join, type States } from '../states.ts';

export interface CouplingProgramme {
  /** Of each variable q(t, x, y): the place of its margin p(t, x), of its margin p(t, y), and of its q(x, y). */
  readonly xMargin: Int32Array;
  readonly yMargin: Int32Array;
  readonly pair: Int32Array;
  readonly pairs: number;
  /** Variables of each pair (x, y): those of pair k are `members[from[k]]` … `members[from[k + 1] − 1]`. */
  readonly members: Int32Array;
  readonly from: Int32Array;
  /** What the margins must be: all p(t, x), then all p(t, y). */
  readonly margins: Float64Array;
  /** Margins that follow from the others: for each t one p(t, y), the largest. */
  readonly implied: Uint8Array;
  /** The variables where X and Y are independent given T: p(t, x) p(t, y) / p(t). */
  readonly independent: Float64Array<ArrayBuffer>;
}

/** Sizes that tell before it is built what it takes to solve it. */
export interface ProgrammeSize {
  readonly variables: number;
  readonly margins: number;
}

/** The values of one source that occur with each t, and how often. */
type Occurrences = ReadonlyArray<ReadonlyArray<{ readonly value: number; readonly count: number }>>;

function occurrences(target: States, source: States): Occurrences {
  const both = join(target, source);
  const counts = countsOf(both);
  const seen = new Uint8Array(both.count);
  const found: Array<Array<{ value: number; count: number }>> = Array.from({ length: target.count }, () => []);
  for (let i = 0; i < both.of.length; i += 1) {
    const state = both.of[i] ?? 0;
    if (seen[state] === 1) continue;
    seen[state] = 1;
    found[target.of[i] ?? 0]?.push({ value: source.of[i] ?? 0, count: counts[state] ?? 0 });
  }
  return found;
}

export function programmeSize(target: States, x: States, y: States): ProgrammeSize {
  const [xs, ys] = [occurrences(target, x), occurrences(target, y)];
  return xs.reduce((size, { length }, t) => ({ variables: size.variables + length * (ys[t]?.length ?? 0), margins: size.margins + length + (ys[t]?.length ?? 0) }), { variables: 0, margins: 0 });
}

export function couplingProgramme(target: States, x: States, y: States): CouplingProgramme {
  const [xs, ys] = [occurrences(target, x), occurrences(target, y)];
  const total = target.of.length;
  const margins: number[] = [];
  const implied: number[] = [];
  const place = (count: number): number => {
    implied.push(0);
    return margins.push(count / total) - 1;
  };
  const xPlaces = xs.map((values) => values.map(({ count }) => place(count)));
  const yPlaces = ys.map((values) => values.map(({ count }) => place(count)));
  const [xMargin, yMargin, pair, independent]: [number[], number[], number[], number[]] = [[], [], [], []];
  const pairs = new Map<number, number>();
  for (const [t, ofX] of xs.entries()) {
    const ofY = ys[t] ?? [];
    const occurring = ofX.reduce((sum, { count }) => sum + count, 0);
    const largest = ofY.reduce((best, { count }, j) => (count > (ofY[best]?.count ?? 0) ? j : best), 0);
    implied[yPlaces[t]?.[largest] ?? 0] = 1;
    for (const [i, { value: xValue, count: xCount }] of ofX.entries()) {
      for (const [j, { value: yValue, count: yCount }] of ofY.entries()) {
        const key = xValue * y.count + yValue;
        const known = pairs.get(key) ?? pairs.size;
        pairs.set(key, known);
        xMargin.push(xPlaces[t]?.[i] ?? 0);
        yMargin.push(yPlaces[t]?.[j] ?? 0);
        pair.push(known);
        independent.push((xCount / total) * (yCount / occurring));
      }
    }
  }
  return {
    xMargin: Int32Array.from(xMargin),
    yMargin: Int32Array.from(yMargin),
    pair: Int32Array.from(pair),
    pairs: pairs.size,
    ...grouped(pair, pairs.size),
    margins: Float64Array.from(margins),
    implied: Uint8Array.from(implied),
    independent: Float64Array.from(independent),
  };
}

/** Variables sorted by pair. */
function grouped(pair: readonly number[], pairs: number): Pick<CouplingProgramme, 'members' | 'from'> {
  const from = new Int32Array(pairs + 1);
  for (const k of pair) from[k + 1] = (from[k + 1] ?? 0) + 1;
  for (let k = 0; k < pairs; k += 1) from[k + 1] = (from[k + 1] ?? 0) + (from[k] ?? 0);
  const next = from.slice();
  const members = new Int32Array(pair.length);
  for (const [v, k] of pair.entries()) {
    const at = next[k] ?? 0;
    members[at] = v;
    next[k] = at + 1;
  }
  return { members, from };
}
