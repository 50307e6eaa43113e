import { CorrenteError } from '@corrente/shared/contract/errors';
import { useEffect, useState } from 'react';
import { corrente } from '../../app/client.ts';
import { TableStore } from './table-store.ts';

export interface ArrivingTable {
  readonly store: TableStore | null;
  /** Raised whenever rows were appended. */
  readonly version: number;
  readonly state: 'waiting' | 'arriving' | 'complete' | 'broken';
  readonly error: CorrenteError | null;
}

/** Redrawing more often than this shows nothing more. */
const redrawMs = 120;
const reopenMs = 1_500;
const nothing: ArrivingTable = { store: null, version: 0, state: 'waiting', error: null };

/**
 * A result table, batch by batch while the job computes it. A connection that breaks is opened again and takes up
 * after the rows already held: stored parts never change.
 */
export function useResultTable(jobId: string, table: string): ArrivingTable {
  const [arriving, setArriving] = useState<ArrivingTable>(nothing);

  useEffect(() => {
    const abort = new AbortController();
    let store: TableStore | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (state: ArrivingTable['state'], error: CorrenteError | null = null) => {
      clearTimeout(timer);
      timer = undefined;
      setArriving((before) => ({ store, version: before.version + 1, state, error }));
    };

    const read = async () => {
      const { schema, batches } = await corrente().openResult(jobId, table, { signal: abort.signal, attempts: 1 });
      store ??= new TableStore(schema);
      show('arriving');
      let skip = store.rows;
      for await (const batch of batches) {
        const fresh = batch.slice(Math.min(skip, batch.numRows));
        skip -= Math.min(skip, batch.numRows);
        if (skip > 0 || abort.signal.aborted) continue;
        store.append(fresh);
        timer ??= setTimeout(() => show('arriving'), redrawMs);
      }
    };

    const readOn = async () => {
      while (!abort.signal.aborted) {
        try {
          await read();
          show('complete');
          return;
        } catch (error) {
          if (abort.signal.aborted) return;
          const known = CorrenteError.from(error);
          if (known.code !== 'server-unreachable') {
            show('broken', known);
            return;
          }
          await new Promise((resolve) => setTimeout(resolve, reopenMs));
        }
      }
    };

    setArriving(nothing);
    void readOn();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [jobId, table]);

  return arriving;
}
