import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedForTests, type TestDatabase } from '../testing/embedded.ts';
import { migrate } from './migrate.ts';

const dir = fileURLToPath(new URL('../../migrations', import.meta.url));
const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('a database of an earlier version', () => {
  let database: TestDatabase;
  let client: Client;
  const move = (direction: 'up' | 'down', count: number) => runner({ dbClient: client, dir, migrationsTable: 'migrations', direction, count, noLock: true, logger });
  const jobs = async () => (await client.query<{ id: string; stored_steps: number; spec: { workers?: number }; steps: number[] }>(
    `select id, stored_steps, spec, array(select step from job_steps s where s.job_id = j.id order by step) as steps from jobs j order by id`,
  )).rows;

  beforeAll(async () => {
    database = await startEmbeddedForTests();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await database?.close();
  });

  it('keeps the steps that its jobs had stored, and its parts in their order', async () => {
    await move('up', 1);
    await client.query(`insert into jobs (id, state, analysis, dataset, spec, priority, spec_hash, stored_steps, finished_at)
      values ('job_a', 'queued', 'correlation', 'ds', '{"seed": 1}', 0, '', 3, null), ('job_b', 'succeeded', 'correlation', 'ds', '{}', 0, '', 2, now()), ('job_c', 'queued', 'correlation', 'ds', '{}', 0, '', 0, null)`);
    await client.query(`insert into job_tables (job_id, name, position, title, columns) values ('job_a', 'pairs', 1, 'Pairs', '[]')`);
    await client.query(`insert into job_parts (job_id, table_name, part, step, owner, path, rows, bytes) values ('job_a', 'pairs', 1, 0, 'job_a', 'x', 1, 1), ('job_a', 'pairs', 2, 2, 'job_a', 'y', 1, 1)`);
    await migrate({ connectionString: database.url });
    expect(await jobs()).toMatchObject([{ id: 'job_a', spec: { seed: 1, workers: 1 }, steps: [0, 1, 2] }, { id: 'job_b', steps: [] }, { id: 'job_c', steps: [] }]);
    expect((await client.query('select part, provisional from job_parts order by part')).rows).toEqual([{ part: 1, provisional: false }, { part: 2, provisional: false }]);
  });

  it('can be left again by the way it came', async () => {
    await client.query(`insert into job_parts (job_id, table_name, part, step, owner, path, rows, bytes, provisional) values ('job_a', 'pairs', 1, 1, 'job_a', 'z', 1, 1, true)`);
    await move('down', 1);
    expect((await client.query('select path from job_parts order by part')).rows).toEqual([{ path: 'x' }, { path: 'y' }]);
    await migrate({ connectionString: database.url });
    expect((await jobs()).map(({ id, steps }) => [id, steps])).toEqual([['job_a', [0, 1, 2]], ['job_b', []], ['job_c', []]]);
  });
});
