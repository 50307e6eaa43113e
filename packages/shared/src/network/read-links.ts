/** The links of a network out of the Arrow table that a job of network-inference gives. */
import { tableFromIPC, type Table, type Vector } from 'apache-arrow';
import { CorrenteError } from '../contract/errors.ts';
import type { NetworkLink } from './link.ts';

/** The rows of a table `links`. @throws unsuitable-result where a column is missing */
export function readLinks(table: Table): NetworkLink[] {
  const column = (name: keyof NetworkLink): Vector => {
    const found = table.getChild(name);
    if (found !== null) return found;
    throw new CorrenteError('unsuitable-result', `The table has no column ${name}; it has ${table.schema.fields.map((field) => field.name).join(', ')}. Expected the table links of network-inference.`);
  };
  const [source, target, lag, te] = [column('source'), column('target'), column('lag'), column('te')];
  const [p, significant, pLag, variables] = [column('p'), column('significant'), column('p_lag'), column('variables')];
  return Array.from({ length: table.numRows }, (_, row) => ({
    source: String(source.get(row)),
    target: String(target.get(row)),
    lag: Number(lag.get(row)),
    te: numberOrNull(te.get(row)),
    p: numberOrNull(p.get(row)),
    significant: verdict(significant.get(row)),
    p_lag: Number(pLag.get(row)),
    variables: Number(variables.get(row)),
  }));
}

/** The same of an Arrow stream's bytes, in pieces. */
export function readLinksOfStream(chunks: readonly Uint8Array[]): NetworkLink[] {
  return readLinks(tableFromIPC(chunks));
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && !Number.isNaN(value) ? value : null;
}

function verdict(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}
