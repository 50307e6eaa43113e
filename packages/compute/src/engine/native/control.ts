/** What every operation of a native engine shares: the control words, errors by code, results as typed arrays. */
import type { Precision } from '@corrente/shared/contract/engine';
import { CorrenteError, type ErrorCode } from '@corrente/shared/contract/errors';
import type { OpOptions, Reals } from '../contract.ts';

/** A session of an addon; only its own functions can look inside. */
export type SessionHandle = object;

/** How an addon names what went wrong, and the codes of the error table. */
const errorOfCode: Readonly<Record<string, ErrorCode>> = {
  cancelled: 'cancelled',
  'out-of-memory': 'memory-exceeded',
  device: 'device-error',
  unsupported: 'method-unsupported',
  invalid: 'internal',
};

/** What an addon rejected with, as an error of the one table. */
export function toCorrenteError(error: unknown): CorrenteError {
  if (error instanceof CorrenteError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return CorrenteError.from(error, errorOfCode[code] ?? 'internal');
}

/** Milliseconds between two looks at how far native work is. */
const progressInterval = 50;

/**
 * Runs native work with the three words it shares with JavaScript: cancel (set when the signal aborts), done and total
 * (read by a timer, for `onProgress`). An `onProgress` that throws cancels the work and is what the promise rejects with.
 */
export async function withControl<T>(options: OpOptions, operation: string, start: (control: ArrayBuffer) => Promise<T>): Promise<T> {
  const { signal, onProgress } = options;
  if (signal?.aborted === true) throw new CorrenteError('cancelled', `${operation}: cancelled before it began.`);
  const control = new ArrayBuffer(24);
  const cancelWord = new Int32Array(control, 0, 1);
  const counts = new BigInt64Array(control, 8, 2);
  const cancel = (): void => {
    Atomics.store(cancelWord, 0, 1);
  };
  let reported = 0;
  const failures: unknown[] = [];
  const report = (fraction: number): void => {
    if (onProgress === undefined || failures.length > 0 || !(fraction > reported)) return;
    reported = fraction;
    try {
      onProgress(fraction);
    } catch (error) {
      failures.push(error);
      cancel();
    }
  };
  const look = (): void => {
    const total = Number(Atomics.load(counts, 1));
    if (total > 0) report(Math.min(1, Number(Atomics.load(counts, 0)) / total));
  };
  signal?.addEventListener('abort', cancel, { once: true });
  const timer = onProgress === undefined ? undefined : setInterval(look, progressInterval);
  try {
    const result = await start(control);
    report(1);
    if (failures.length > 0) throw failures[0];
    return result;
  } catch (error) {
    throw toCorrenteError(failures.length === 0 ? error : failures[0]);
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

/** Results as typed arrays over the addon's memory. */
export const realsOf = (buffer: ArrayBuffer, precision: Precision): Reals => (precision === 'f32' ? new Float32Array(buffer) : new Float64Array(buffer));

/** Throws unless a call on a session asks for the precision that the session was opened for. */
export function checkPrecision(operation: string, opened: Precision, asked: Precision): void {
  if (asked !== opened) throw new CorrenteError('internal', `${operation}: asked for in ${asked}, the session was opened for ${opened}.`);
}
