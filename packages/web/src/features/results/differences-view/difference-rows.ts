/** The table of differences between two networks, or between two groups of them, as rows and as a network to draw. */
import { networkOf, type Network, type NetworkLink } from '../../../charts/network/network.ts';
import { formatReal } from '../../../lib/format.ts';
import { columnsOf, rows } from '../network-view/network-tables.ts';
import type { TableStore } from '../table-store.ts';

export interface DifferenceRow {
  readonly source: string;
  readonly target: string;
  readonly lag: number;
  /** te of a less te of b; NaN where there is none. */
  readonly difference: number;
  readonly p: number;
  readonly teA: number;
  readonly teB: number;
  readonly significant: boolean | null;
  /** How many results of each side have the link; NaN where the table does not tell. */
  readonly foundA: number;
  readonly foundB: number;
}

export function differenceRows(store: TableStore): DifferenceRow[] {
  const table = columnsOf(store);
  const [source, target, lag, difference, p] = [table.texts('source'), table.texts('target'), table.numbers('lag'), table.numbers('difference'), table.numbers('p')];
  const [teA, teB, significant] = [table.numbers('te_a'), table.numbers('te_b'), table.verdicts('significant')];
  const [foundA, foundB] = [table.numbers('found_a'), table.numbers('found_b')];
  return rows(store, (i) => ({ source: source[i] ?? '', target: target[i] ?? '', lag: lag[i]!, difference: difference[i]!, p: p[i]!, teA: teA[i]!, teB: teB[i]!, significant: significant[i]!, foundA: foundA[i]!, foundB: foundB[i]! }));
}

export interface DifferenceNetwork extends Network {
  /** The row of each link of the network. */
  readonly rowOf: (link: Pick<NetworkLink, 'source' | 'target'>) => DifferenceRow | undefined;
}

/**
 * One link for each pair, as wide as the size of its difference and on the side where it is greater. Of several rows of
 * one pair (one for each lag) the one with the largest difference stands. Series that no row names follow in `names`.
 */
export function differenceNetwork(all: readonly DifferenceRow[], names: readonly string[] = []): DifferenceNetwork {
  const strongest = new Map<string, DifferenceRow>();
  for (const row of all) {
    const pair = pairOf(row.source, row.target);
    const before = strongest.get(pair);
    if (before === undefined || !(size(row) < size(before))) strongest.set(pair, row);
  }
  const network = networkOf(
    names,
    [...strongest.values()].map((row) => ({ source: row.source, target: row.target, lag: row.lag, te: Math.abs(row.difference), p: row.p, significant: row.significant, ...sideOf(row) })),
  );
  return { ...network, rowOf: ({ source, target }) => strongest.get(pairOf(network.names[source] ?? '', network.names[target] ?? '')) };
}

/** Neither where there is no difference. */
function sideOf({ difference }: DifferenceRow): Pick<NetworkLink, 'side'> {
  return difference > 0 ? { side: 'a' } : difference < 0 ? { side: 'b' } : {};
}

function size({ difference }: DifferenceRow): number {
  return Number.isNaN(difference) ? -1 : Math.abs(difference);
}

function pairOf(source: string, target: string): string {
  return JSON.stringify([source, target]);
}

/** A row in words. */
export function differenceText({ source, target, lag, difference, p, teA, teB, significant, foundA, foundB }: DifferenceRow, unit: string): string {
  const stronger = difference > 0 ? 'stronger in a' : difference < 0 ? 'stronger in b' : 'the same in both';
  const verdict = significant === null ? [] : [significant ? 'significant' : 'not significant'];
  return [
    `${source} → ${target}`,
    ...(Number.isNaN(lag) ? [] : [`lag ${lag}`]),
    Number.isNaN(difference) ? 'no difference is known' : `${stronger} by ${formatReal(Math.abs(difference))} ${unit}`.trimEnd(),
    ...(Number.isNaN(teA) || Number.isNaN(teB) ? [] : [`te ${formatReal(teA)} in a, ${formatReal(teB)} in b`]),
    ...(Number.isNaN(p) ? [] : [`p ${Number(p.toPrecision(3))}`]),
    ...verdict,
    ...(foundA === 0 ? ['found in b only'] : foundB === 0 ? ['found in a only'] : []),
  ].join(', ');
}
