/** Starting, stopping and killing worker processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Config } from '@corrente/platform/config/config';

export interface WorkerProcess {
  readonly pid: number;
  /** Pids of its engine processes, as it named them. */
  readonly engines: readonly number[];
  signal(name: NodeJS.Signals): void;
  /** Ends it with this signal and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `corrente worker` (or what does the same) as a process on the platform of this configuration, and waits until it takes jobs. */
export async function startWorkerProcess(config: Config, script = 'worker-process.ts'): Promise<WorkerProcess> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path], { env: { ...process.env, ...environmentOf(config) }, stdio: ['ignore', 'ignore', 'pipe'] });
  const { pid, engines } = await taken(child);
  return {
    pid,
    engines,
    signal: (name) => void child.kill(name),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

function environmentOf(config: Config): NodeJS.ProcessEnv {
  return {
    CORRENTE_HOME: config.home,
    ...(config.databaseUrl === null ? {} : { DATABASE_URL: config.databaseUrl }),
    CORRENTE_LEASE_MS: String(config.leaseMs),
    CORRENTE_RECONCILE_MS: String(config.reconcileMs),
    CORRENTE_LOG: 'info',
  };
}

/** The line in which the worker says that it takes jobs. */
function taken(child: ChildProcess): Promise<{ pid: number; engines: readonly number[] }> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((one) => one.includes('"msg":"taking jobs"'));
      if (line === undefined) return;
      const told: unknown = JSON.parse(line);
      if (isTaking(told)) resolve({ pid: told.pid, engines: told.engines });
    });
    child.once('exit', (code, signal) => reject(new Error(`the worker process ended with ${signal ?? code} before it took jobs: ${text}`)));
  });
}

function isTaking(value: unknown): value is { pid: number; engines: number[] } {
  return typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number' && 'engines' in value && Array.isArray(value.engines);
}
