/** Why an engine process ended, as one sentence and a code of the error table. */
import { readFileSync } from 'node:fs';
import { CorrenteError } from '@corrente/shared/contract/errors';

export interface Death {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what the process wrote to its standard error. */
  readonly lastWords: string;
  /** The system's count of processes ended for memory rose while the process lived its last run. */
  readonly systemRanOut: boolean;
}

/** `engine-memory` where the memory ended it, else `engine-crashed`; the detail names signal or exit code. */
export function causeOfDeath({ exitCode, signal, lastWords, systemRanOut }: Death): CorrenteError {
  const how = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  if (signal === 'SIGKILL' && systemRanOut) return new CorrenteError('engine-memory', `The engine process was ended by ${how}: the system ran out of memory.`);
  if (/heap out of memory|allocation failed/i.test(lastWords)) return new CorrenteError('engine-memory', `The engine process ended with ${how}: its heap ran out of memory.`);
  // Not the stack, nor the version that Node prints below it.
  const words = lastWords.split('\n').map((line) => line.trim()).findLast((line) => line !== '' && !/^(at |Node\.js v|\^)/.test(line)) ?? '';
  return new CorrenteError('engine-crashed', `The engine process ended with ${how}${words === '' ? '' : `, its last words "${words.slice(0, 200)}"`}.`);
}

/** How many processes this system has ended for its memory since it started; 0 where it does not tell. */
export function systemOomKills(): number {
  if (process.platform !== 'linux') return 0;
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Resident memory of a process in bytes; null where the system does not tell. */
export function residentBytes(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return Number.isFinite(pages) ? pages * pageBytes : null;
  } catch {
    return null;
  }
}

/** This process's own size is known both in pages and in bytes. */
const pageBytes = ownPageBytes();

function ownPageBytes(): number {
  if (process.platform !== 'linux') return 4096;
  try {
    const pages = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]);
    const ratio = process.memoryUsage.rss() / pages;
    return [4096, 16_384, 65_536].reduce((best, size) => (Math.abs(size - ratio) < Math.abs(best - ratio) ? size : best));
  } catch {
    return 4096;
  }
}
