import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const others = ['/usr/bin/node', '/usr/local/bin/node'].filter((path) => existsSync(path));

describe('the Node that scripts run on', () => {
  it('is 24 in the tests themselves', () => {
    expect(process.versions.node).toMatch(/^24\./);
  });

  it.skipIf(others.length === 0)('is 24 for the corrente command, whatever Node starts it', () => {
    for (const node of others) {
      const done = spawnSync(node, [join(root, 'packages/cli/bin/corrente.mjs'), '--version', '--json'], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
      expect(done.stderr).toBe('');
      expect(JSON.parse(done.stdout)).toMatchObject({ node: expect.stringMatching(/^v24\./) });
    }
  });

  it.skipIf(others.length === 0)('is 24 for scripts that npm starts, whatever Node npm runs on', () => {
    for (const node of others) {
      const done = spawnSync(node, ['--input-type=module', '-e', `import { node24 } from '${join(root, 'scripts/node24.mjs')}'; console.log(node24())`], { encoding: 'utf8' });
      const version = spawnSync(done.stdout.trim(), ['--version'], { encoding: 'utf8' });
      expect(version.stdout).toMatch(/^v24\./);
    }
  });
});
