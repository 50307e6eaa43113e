/** The catalogue of data sets and the registry of workers. */
import { access, writeFile } from 'node:fs/promises';
import type { EngineInfo } from '@corrente/shared/contract/engine';
import { assert } from 'vitest';
import { addSampleDataset, sampleDataset, sampleSpec } from '../samples.ts';
import { codeOfFailure, type Case } from './case.ts';

const engine: EngineInfo = { name: 'cpu', available: true, whyNot: null, device: 'a test', memoryBytes: 1, threads: 1, precisions: ['f64'], version: '1' };

export const catalogueCases: readonly Case[] = [
  {
    name: 'the same content is added once, under its first name',
    async run({ platform, other }) {
      const dataset = await addSampleDataset(platform, 'twice');
      const again = await other.datasets.add({ ...dataset, name: 'another name' });
      assert.isFalse(again.created);
      assert.deepEqual(again.dataset, dataset);
      assert.deepEqual(await platform.datasets.get(dataset.id), dataset);
    },
  },
  {
    name: 'a data set that was stored before there were trials is one of a single trial',
    async run({ platform }) {
      const dataset = await addSampleDataset(platform, 'of an earlier version');
      await platform.database.query({ name: 'forget-trials', text: "update datasets set body = (body::jsonb - 'trials' #- '{report,trials}')::json where id = $1" }, [dataset.id]);
      assert.deepEqual(await platform.datasets.get(dataset.id), dataset);
      const listed = (await platform.datasets.list({ limit: 100 })).items.find(({ id }) => id === dataset.id);
      assert.deepEqual(listed, dataset);
    },
  },
  {
    name: 'a data set whose file is not there is not added, and an id that is none never becomes a path',
    async run({ platform }) {
      const dataset = sampleDataset('without file');
      assert.equal(await codeOfFailure(platform.datasets.add(dataset)), 'internal');
      assert.isNull(await platform.datasets.get(dataset.id));
      for (const id of ['../../etc/passwd', 'ds_..', '', `${dataset.id}/..`]) {
        assert.throws(() => platform.datasets.path(id), /There is no data set/);
        assert.isNull(await platform.datasets.get(id));
      }
    },
  },
  {
    name: 'a data set is kept while a job that has not ended reads it, and goes with its file afterwards',
    async run({ platform }) {
      const dataset = await addSampleDataset(platform, 'deleted');
      const { job } = await platform.jobs.submit(sampleSpec(dataset.id));
      assert.equal(await codeOfFailure(platform.datasets.delete(dataset.id)), 'dataset-in-use');
      await platform.jobs.cancel(job.id);
      await platform.datasets.delete(dataset.id);
      assert.isNull(await platform.datasets.get(dataset.id));
      assert.equal(await codeOfFailure(access(platform.datasets.path(dataset.id))), 'ENOENT');
      assert.equal(await codeOfFailure(platform.datasets.delete(dataset.id)), 'dataset-not-found');
      assert.equal((await platform.jobs.get(job.id))?.state, 'cancelled', 'the job outlives its data set');
    },
  },
  {
    name: 'deleting a data set while jobs on it are submitted leaves no job without its data set',
    async run({ platform, other }) {
      for (let round = 0; round < 8; round++) {
        const dataset = await addSampleDataset(platform, `raced ${round}`);
        const [deleted, ...submitted] = await Promise.all([
          codeOfFailure(other.datasets.delete(dataset.id)),
          ...Array.from({ length: 4 }, () => codeOfFailure(platform.jobs.submit(sampleSpec(dataset.id)))),
        ]);
        if (deleted === null) assert.deepEqual(submitted, ['dataset-not-found', 'dataset-not-found', 'dataset-not-found', 'dataset-not-found']);
        else assert.equal(deleted, 'dataset-in-use');
      }
    },
  },
  {
    name: 'a job submitted while its data set is being deleted waits for the outcome, and is refused',
    async run({ platform }) {
      const dataset = await addSampleDataset(platform, 'held');
      const waiting = { name: 'lock-waits', text: "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'" };
      const submitted = await platform.database.transaction(async (queries) => {
        await queries.query({ name: 'delete-held', text: 'delete from datasets where id = $1' }, [dataset.id]);
        const outcome = { work: codeOfFailure(platform.jobs.submit(sampleSpec(dataset.id))), done: false };
        void outcome.work.finally(() => (outcome.done = true));
        while (!outcome.done && (await platform.database.query<{ count: number }>(waiting))[0]?.count === 0);
        return outcome;
      });
      assert.equal(await submitted.work, 'dataset-not-found');
    },
  },
  {
    name: 'data sets are listed newest first, page by page',
    async run({ platform }) {
      const made: string[] = [];
      for (const name of ['list-1', 'list-2', 'list-3']) {
        const dataset = { ...sampleDataset(name), createdAt: new Date(Date.UTC(2100, 0, 1 + made.length)).toISOString() };
        await writeFile(platform.datasets.path(dataset.id), 'PAR1');
        await platform.datasets.add(dataset);
        made.unshift(dataset.id);
      }
      const first = await platform.datasets.list({ limit: 2 });
      const second = await platform.datasets.list({ limit: 1, cursor: first.cursor ?? '' });
      assert.deepEqual([...first.items, ...second.items].map((dataset) => dataset.id), made);
      assert.equal(await codeOfFailure(platform.datasets.list({ cursor: 'nonsense' })), 'bad-request');
    },
  },
  {
    name: 'a worker is listed with its engines from when it announces itself until it withdraws or falls silent',
    async run({ platform, other }) {
      await other.workers.announce({ id: 'worker-a', engines: [engine], memoryBytes: 2 ** 40 });
      await other.workers.announce({ id: 'worker-b', engines: [], memoryBytes: 1 });
      const worker = (await platform.workers.list()).find(({ id }) => id === 'worker-a');
      assert.deepInclude(worker, { engines: [engine], memoryBytes: 2 ** 40 });
      await other.workers.withdraw('worker-a');
      assert.deepEqual((await platform.workers.list()).map(({ id }) => id), ['worker-b']);
      await platform.database.query({ name: 'age-workers', text: "update workers set seen_at = seen_at - interval '1 hour'" });
      assert.deepEqual(await platform.workers.list(), []);
    },
  },
];
