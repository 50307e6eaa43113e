/** The slow truth about partial information: definitions spelt out over rows of data, and a search for the least information. */

/** Rows of data: the target, then the sources. */
export type Rows = ReadonlyArray<readonly number[]>;

const shareOf = (rows: Rows, holds: (row: readonly number[]) => boolean): number => rows.filter(holds).length / rows.length;

/** Every antichain of non-empty sets of sources, found among all sets of sets. */
export function antichainsOracle(sources: number): number[][][] {
  const subsets = <T>(of: readonly T[]): T[][] => of.reduce<T[][]>((all, one) => all.concat(all.map((some) => [...some, one])), [[]]);
  const sets = subsets(Array.from({ length: sources }, (_, s) => s + 1)).slice(1);
  return subsets(sets).slice(1).filter((chain) => chain.every((a) => chain.every((b) => a === b || !a.every((one) => b.includes(one)))));
}

/** The notation of an antichain, whatever the order of its sets: those with fewest sources first. */
export function notationOracle(chain: ReadonlyArray<readonly number[]>): string {
  return chain
    .map((set) => `{${set.toSorted((a, b) => a - b).join('')}}`)
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .join('');
}

/** The atoms of shared exclusions by their notation: the part that informs, and the part that misinforms. */
export function sharedExclusionsOracle(rows: Rows, sources: number): Map<string, { informative: number; misinformative: number }> {
  const chains = antichainsOracle(sources);
  const lower = (a: number[][], b: number[][]): boolean => a !== b && b.every((of) => a.some((set) => set.every((one) => of.includes(one))));
  const total = (chain: number[][]): { informative: number; misinformative: number } => {
    let [informative, misinformative] = [0, 0];
    for (const here of rows) {
      const event = (row: readonly number[]): boolean => chain.some((set) => set.every((s) => row[s] === here[s]));
      const sameTarget = (row: readonly number[]): boolean => row[0] === here[0];
      informative += -Math.log2(shareOf(rows, event)) / rows.length;
      misinformative += Math.log2(shareOf(rows, sameTarget) / shareOf(rows, (row) => sameTarget(row) && event(row))) / rows.length;
    }
    return { informative, misinformative };
  };
  const found = new Map<number[][], { informative: number; misinformative: number }>();
  const atom = (chain: number[][]): { informative: number; misinformative: number } => {
    const known = found.get(chain);
    if (known !== undefined) return known;
    const value = total(chain);
    for (const other of chains.filter((one) => lower(one, chain))) {
      const part = atom(other);
      value.informative -= part.informative;
      value.misinformative -= part.misinformative;
    }
    found.set(chain, value);
    return value;
  };
  return new Map(chains.map((chain) => [notationOracle(chain), atom(chain)]));
}

/** I(column a; columns b) in bits. */
export function informationOracle(rows: Rows, a: number, b: readonly number[]): number {
  let sum = 0;
  for (const here of rows) {
    const inA = (row: readonly number[]): boolean => row[a] === here[a];
    const inB = (row: readonly number[]): boolean => b.every((s) => row[s] === here[s]);
    sum += Math.log2(shareOf(rows, (row) => inA(row) && inB(row)) / (shareOf(rows, inA) * shareOf(rows, inB))) / rows.length;
  }
  return sum;
}

/**
 * The least I_Q(T; X, Y) for two-valued T, X and Y (0 and 1): each t leaves one number free, q(1, 1 | t); ever finer
 * grids over the two of them close in on the least, of which there is one, the function being convex.
 */
export function leastInformationOracle(rows: Rows): number {
  const given = [0, 1].map((t) => {
    const share = shareOf(rows, (row) => row[0] === t);
    const [x, y] = [1, 2].map((s) => (share === 0 ? 0 : shareOf(rows, (row) => row[0] === t && row[s] === 1) / share));
    return { share, x: x ?? 0, y: y ?? 0 };
  });
  const information = (both: readonly number[]): number => {
    const q = given.map(({ share, x, y }, t) => [1 - x - y + (both[t] ?? 0), y - (both[t] ?? 0), x - (both[t] ?? 0), both[t] ?? 0].map((value) => share * Math.max(0, value)));
    let sum = 0;
    for (const [t, of] of q.entries()) for (const [k, value] of of.entries()) if (value > 0) sum += value * Math.log2(value / ((given[t]?.share ?? 0) * ((q[0]?.[k] ?? 0) + (q[1]?.[k] ?? 0))));
    return sum;
  };
  let ranges = given.map(({ x, y }) => ({ from: Math.max(0, x + y - 1), to: Math.min(x, y) }));
  const limits = ranges;
  const points = 20;
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 60; round += 1) {
    const at = (t: number, i: number): number => (ranges[t]?.from ?? 0) + (((ranges[t]?.to ?? 0) - (ranges[t]?.from ?? 0)) * i) / points;
    let best = [0, 0];
    let lowest = Number.POSITIVE_INFINITY;
    for (let i = 0; i <= points; i += 1) {
      for (let j = 0; j <= points; j += 1) {
        const value = information([at(0, i), at(1, j)]);
        if (value < lowest) [lowest, best] = [value, [i, j]];
      }
    }
    least = Math.min(least, lowest);
    const centre = best.map((i, t) => at(t, i));
    ranges = ranges.map(({ from, to }, t) => {
      const half = 0.35 * (to - from);
      const { from: first, to: last } = limits[t] ?? { from: 0, to: 1 };
      return { from: Math.max(first, (centre[t] ?? 0) - half), to: Math.min(last, (centre[t] ?? 0) + half) };
    });
  }
  return least;
}
