/**
 * JIDT as a peer, where it is at hand: `CORRENTE_JIDT` names its infodynamics.jar, and a JDK of version 11 or later is
 * on the PATH (it compiles `JidtPeer.java` as it starts).
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface JidtPeer extends AsyncDisposable {
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds of one request of `JidtPeer.java`, and the value it gave. */
  run(request: string): Promise<{ ms: number; value: number }>;
}

/** Null where there is no JIDT. */
export async function startJidtPeer(threads: number): Promise<JidtPeer | null> {
  const jar = process.env['CORRENTE_JIDT'];
  if (jar === undefined || !existsSync(jar)) return null;
  const child = spawn('java', ['-cp', jar, join(import.meta.dirname, 'JidtPeer.java'), String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`JIDT ended with exit code ${child.exitCode}; its reason stands above.`);
    return line.value;
  };
  return {
    versions: { java: (await next()).replace('java ', ''), jidt: process.env['CORRENTE_JIDT_VERSION'] ?? 'as given by CORRENTE_JIDT' },
    async run(request) {
      child.stdin.write(`${request}\n`);
      const [ms = Number.NaN, value = Number.NaN] = (await next()).split(' ').map(Number);
      return { ms, value };
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await new Promise((resolve) => child.once('close', resolve));
    },
  };
}
