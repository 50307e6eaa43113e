/** Tables with one value for each row as bars: the atoms of a decomposition, the active information of each process. */
import { formatReal } from '../../../lib/format.ts';
import type { Bar } from '../../../charts/bars/bars.tsx';
import { columnsOf, rows } from '../network-view/network-tables.ts';
import type { TableStore } from '../table-store.ts';

/** The atoms in the order of the table, which is that of the lattice; named by their sources where the table tells these. */
export function atomBars(store: TableStore): Bar[] {
  const table = columnsOf(store);
  const [atom, sources, kind, bits, p, significant] = [table.texts('atom'), table.texts('sources'), table.texts('kind'), table.numbers('bits'), table.numbers('p'), table.verdicts('significant')];
  return rows(store, (i) => ({
    key: `${i} ${atom[i] ?? ''}`,
    name: [sources[i] ?? atom[i] ?? '', ...(kind[i] == null ? [] : [kind[i]])].join(' · '),
    value: bits[i]!,
    ...judged(bits[i]!, p[i]!, significant[i]!),
  }));
}

/** What each process stores of its past, largest first; those without a value last. */
export function storageBars(store: TableStore): Bar[] {
  const table = columnsOf(store);
  const [target, te, p, significant] = [table.texts('target'), table.numbers('omnibus_te'), table.numbers('omnibus_p'), table.verdicts('significant')];
  const bars = rows(store, (i): Bar => ({ key: `${i} ${target[i] ?? ''}`, name: target[i] ?? '', value: te[i]!, ...judged(te[i]!, p[i]!, significant[i]!) }));
  const size = ({ value }: Bar) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  return bars.sort((a, b) => (size(a) === size(b) ? 0 : size(b) - size(a)));
}

/** The figure, and what is known of its significance. */
function judged(value: number, p: number, significant: boolean | null): Pick<Bar, 'figure' | 'note' | 'hollow'> {
  const words = [...(Number.isNaN(p) ? [] : [`p ${Number(p.toPrecision(3))}`]), ...(significant === null ? [] : [significant ? 'significant' : 'not significant'])];
  return { figure: Number.isNaN(value) ? 'none' : formatReal(value), note: words.join(', '), hollow: significant === false };
}
