import { useEffect, useState } from 'react';
import type { GrowingMatrix } from './growing-matrix.ts';
import type { OrderReply, OrderRequest } from './order.worker.ts';
import { asCorrelations, identity, orderOf, type OrderName } from './orders.ts';

/** From this many series an order that compares coefficients is worked out beside the page, in a worker. */
const workerFrom = 300;

/**
 * The permutation of an order, and whether it is still being worked out. While it is, and while the matrix is still
 * arriving, the order before it stands (the file's at first).
 *
 * @param covariance the matrix holds covariances: it is ordered by the correlations in them.
 */
export function useOrder(matrix: GrowingMatrix, name: OrderName, complete: boolean, covariance = false): { order: Uint32Array; pending: boolean } {
  const [made, setMade] = useState<{ name: OrderName; matrix: GrowingMatrix; order: Uint32Array } | null>(null);
  const needsValues = name !== 'file' && name !== 'alphabetical';
  const ready = !needsValues || complete;

  useEffect(() => {
    if (!ready) return;
    const square = covariance && needsValues ? asCorrelations(matrix) : matrix;
    if (!needsValues || matrix.size < workerFrom) {
      setMade({ name, matrix, order: orderOf(name, square) });
      return;
    }
    const worker = new Worker(new URL('./order.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<OrderReply>) => {
      setMade({ name, matrix, order: data.order });
      worker.terminate();
    });
    const request: OrderRequest = { id: 0, name, matrix: { names: square.names, values: square.values } };
    worker.postMessage(request, { transfer: [] });
    return () => worker.terminate();
  }, [matrix, name, ready, needsValues, covariance]);

  const mine = made?.matrix === matrix ? made : null;
  const [file, setFile] = useState(() => identity(matrix.size));
  if (file.length !== matrix.size) setFile(identity(matrix.size));
  return { order: mine?.order ?? file, pending: mine?.name !== name };
}
