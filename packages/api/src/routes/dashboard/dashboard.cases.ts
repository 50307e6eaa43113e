/** Cases of the dashboard's files. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const page = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

export function dashboardCases(): void {
  describe('the dashboard', () => {
    let folder: string;
    let server: TestServer;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'corrente-dashboard-'));
      server = await startTestServer({ dashboardFolder: folder });
    });
    afterAll(async () => {
      await server.close();
      await rm(folder, { recursive: true });
    });

    test('says how it is built where it is not, and is found without a restart once it is', async () => {
      const before = await server.call('GET', '/', page);
      expect([before.status, await before.text()]).toEqual([200, expect.stringContaining('npm run build')]);
      await mkdir(join(folder, 'assets'));
      await writeFile(join(folder, 'index.html'), '<title>the dashboard</title>');
      await writeFile(join(folder, 'assets', 'index-D3adB33f.js'), 'export {};');
      const after = await server.call('GET', '/', page);
      expect(await after.text()).toBe('<title>the dashboard</title>');
      expect(after.headers.get('cache-control')).toBe('no-cache');
      expect(await (await server.call('GET', '/')).text()).toBe('<title>the dashboard</title>');
    });

    test('answers every address that a browser opens with its page', async () => {
      for (const path of ['/jobs', '/jobs/job_x/result', '/data-sets?sort=name']) expect(await (await server.call('GET', path, page)).text()).toBe('<title>the dashboard</title>');
    });

    test('lets files with a hash in their name be kept for ever', async () => {
      const response = await server.call('GET', '/assets/index-D3adB33f.js');
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
      expect(response.headers.get('content-type')).toContain('javascript');
    });

    test.each([['/assets/index-0ldB33f1.js', page], ['/jobs', { headers: { accept: 'application/json' } }], ['/v1/nothing', page], ['/docs/nothing', page]])('%s with %o is not found', async (path, init) => {
      const response = await server.call('GET', path, init);
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    });

    test('takes no other method than reading', async () => {
      expect((await server.call('POST', '/jobs', page)).status).toBe(404);
    });
  });
}
