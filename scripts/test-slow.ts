/** `npm run test:slow`: the suites that take too long for every run, such as fifty kills in mid-job. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const done = spawnSync(join(root, 'node_modules', '.bin', 'vitest'), ['run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CORRENTE_SLOW: '1' },
});
process.exit(done.status ?? 1);
