#!/usr/bin/env node
// Starts the command on Node 24: in this process where it is one, else in a child on the pinned Node.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('../src/main.ts');
} else {
  const { environment, node24 } = await import('../../../scripts/node24.mjs');
  const node = node24();
  if (node === null) {
    process.stderr.write('error usage: this is Node ' + process.versions.node + ' and the pinned Node 24 is not installed. Run npm run setup first.\n');
    process.exit(2);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit', env: environment() });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {});
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
