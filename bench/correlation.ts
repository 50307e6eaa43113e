/** What the benchmarks of correlation share. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Columns, CorrelationMethod } from '../packages/compute/src/engine/contract.ts';
import type { NativeEngine } from '../packages/compute/src/engine/native.ts';
import { timed } from './benchmark.ts';

/** Milliseconds of a whole matrix, from the columns to its last value; the memory goes back afterwards. */
export async function timedMatrix(engine: NativeEngine, columns: Columns, method: CorrelationMethod, precision: Precision): Promise<number> {
  const { series } = columns;
  const buffers: ArrayBuffer[] = [];
  const spent = await timed(async () => {
    const session = await engine.openCorrelation(columns, { method, ddof: 1 }, { precision });
    const { r, n } = await session.tile(0, series, 0, series, { precision });
    buffers.push(r.buffer, ...(typeof n === 'number' ? [] : [n.buffer]));
    session.close();
  });
  for (const buffer of buffers) engine.release(buffer);
  return spent;
}

/** For a peer in Python: as many threads as ours. */
export const sameThreads = (engine: NativeEngine): Record<string, string> => {
  const threads = String(engine.info().threads ?? 1);
  return { OPENBLAS_NUM_THREADS: threads, OMP_NUM_THREADS: threads };
};
