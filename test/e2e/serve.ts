/** A platform of its own: database, API, dashboard and worker in a folder that goes when it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../packages/cli/bin/corrente.mjs', import.meta.url));
const patienceMs = 60_000;

export interface Served {
  readonly address: string;
  readonly home: string;
  /** Ends it as a person does, with Ctrl-C. */
  stop(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

export async function temporaryHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'corrente-e2e-'));
}

export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** Started on `home`, answering on `port` (any free one where it is 0). Throws what the command says if it does not start. */
export async function serve(home: string, port = 0): Promise<Served> {
  const child = spawn(process.execPath, [command, 'serve', '--json'], { env: { ...process.env, CORRENTE_HOME: home, CORRENTE_PORT: String(port), CORRENTE_LOG: 'warn' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-20_000)));
  const lines = createInterface(child.stdout);
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  try {
    for await (const line of lines) {
      const ready: unknown = JSON.parse(line);
      if (typeof ready === 'object' && ready !== null && 'address' in ready && typeof ready.address === 'string') {
        return { address: ready.address, home, stop: () => end(child, 'SIGINT'), kill: () => end(child, 'SIGKILL') };
      }
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(`corrente serve did not start. It said:\n${said}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
