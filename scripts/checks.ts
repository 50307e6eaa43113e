/** The static checks: each one passes or fails as a whole, and shows its output only where it fails. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

export const checks: readonly Check[] = [
  { name: 'server, scripts and tests pass the type check', command: bin('tsc'), args: ['-p', root] },
  { name: 'the dashboard passes the type check', command: bin('tsc'), args: ['-p', join(root, 'packages', 'web')] },
  { name: 'no file breaks a lint rule, the package borders among them', command: bin('oxlint'), args: ['--type-aware', '--quiet', root] },
];

/** Runs one check; true where its exit code was 0. */
export async function runCheck(check: Check): Promise<boolean> {
  const child = spawn(check.command, check.args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) process.stderr.write(Buffer.concat(output));
  return code === 0;
}
