/** The catalogue of data sets: rows in the database, one Parquet file each in a folder. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetId, type Dataset, type dataset as datasetSchema } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { z } from 'zod';
import { lockSpace } from '../database/migrate.ts';
import { statement, type Database } from '../database/database.ts';
import { afterCursor, microsColumn, pageLimit, pageOf } from '../database/page.ts';
import type { DatasetCatalogue } from '../platform.ts';
import { storageError } from '../results/storage-error.ts';

interface DatasetRow {
  readonly id: string;
  readonly body: z.input<typeof datasetSchema>;
}

/** Data sets that were stored before there were trials say nothing of them. */
function datasetOf({ body }: DatasetRow): Dataset {
  return { ...body, trials: body.trials ?? 1, report: { ...body.report, trials: body.report.trials ?? null } };
}

/** Adding and deleting the same content wait for one another: a file never goes while its row comes. */
const lockDataset = statement('lock-dataset', 'select pg_advisory_xact_lock($1, hashtext($2))');
const insertDataset = statement<{ id: string }>('insert-dataset', 'insert into datasets (id, created_at, body) values ($1, $2, $3::json) on conflict (id) do nothing returning id');
const getDataset = statement<DatasetRow>('get-dataset', 'select id, body from datasets where id = $1');
const lockForDelete = statement<{ id: string }>('lock-dataset-row', 'select id from datasets where id = $1 for update');
const jobsInUse = statement<{ id: string }>(
  'dataset-jobs-in-use',
  `select id from jobs j where state in ('queued', 'running') and parent_id is null
     and (dataset = $1 or exists (select 1 from job_inputs i where i.job_id = j.id and i.dataset = $1)) order by created_at limit 3`,
);
const deleteDataset = statement('delete-dataset', 'delete from datasets where id = $1');

/** @param folder where the Parquet files lie; it must exist. */
export function createDatasetCatalogue(database: Database, folder: string): DatasetCatalogue {
  function path(id: string): string {
    if (!datasetId.safeParse(id).success) throw new CorrenteError('dataset-not-found', `There is no data set ${JSON.stringify(id)}.`);
    return join(folder, `${id}.parquet`);
  }

  async function get(id: string): Promise<Dataset | null> {
    const [row] = await database.query(getDataset, [id]);
    return row === undefined ? null : datasetOf(row);
  }

  return {
    async add(dataset) {
      return database.transaction(async (queries) => {
        await queries.query(lockDataset, [lockSpace, dataset.id]);
        await stat(path(dataset.id)).catch((error: unknown) => {
          throw storageError(error, path(dataset.id));
        });
        const [inserted] = await queries.query(insertDataset, [dataset.id, dataset.createdAt, JSON.stringify(dataset)]);
        if (inserted) return { dataset, created: true };
        const [known] = await queries.query(getDataset, [dataset.id]);
        if (!known) throw new CorrenteError('internal', `The data set ${dataset.id} is neither new nor there.`);
        return { dataset: datasetOf(known), created: false };
      });
    },

    get,

    async list({ cursor, limit: asked }) {
      const limit = pageLimit(asked);
      const values: unknown[] = [limit + 1];
      const where = cursor === undefined ? '' : `where ${afterCursor('d', cursor, values)}`;
      const text = `select d.id, d.body, ${microsColumn('d')} from datasets d ${where} order by d.created_at desc, d.id desc limit $1`;
      const rows = await database.query(statement<DatasetRow & { micros: number }>(cursor === undefined ? 'list-datasets' : 'list-datasets-after', text), values);
      return pageOf(rows, limit, datasetOf);
    },

    async delete(id) {
      await database.transaction(async (queries) => {
        await queries.query(lockDataset, [lockSpace, id]);
        const [row] = await queries.query(lockForDelete, [id]);
        if (!row) throw new CorrenteError('dataset-not-found', `There is no data set ${id}.`);
        // The row is locked: a job submitted from now on waits, and then finds no data set.
        const jobs = await queries.query(jobsInUse, [id]);
        if (jobs.length > 0) throw new CorrenteError('dataset-in-use', `The data set ${id} is read by ${jobs.map((job) => job.id).join(', ')}.`);
        await queries.query(deleteDataset, [id]);
        await rm(path(id), { force: true }).catch((error: unknown) => {
          throw storageError(error, path(id));
        });
      });
    },

    path,
  };
}
