/** Small true-to-type things for tests: a data set, a job spec, the parts of a result. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { EngineUsed } from '@corrente/shared/contract/engine';
import { jobSpec, type JobSpec, type JobSpecInput } from '@corrente/shared/contract/job';
import type { TableSchema } from '@corrente/shared/contract/result';
import { DataType, Int64, RecordBatch, RecordBatchStreamWriter, Struct, makeData, vectorFromArray, type Data, type Schema } from 'apache-arrow';
import type { Claim, Platform, StoredPart } from '../platform.ts';
import { arrowSchema, endOfStream, schemaMessage } from '../results/arrow-schema.ts';

const nothing = { count: 0, places: [] };

/** A data set of two series and three rows, with an id made of `name`. */
export function sampleDataset(name: string): Dataset {
  return {
    id: `ds_${createHash('md5').update(name).digest('hex')}`,
    name,
    createdAt: new Date().toISOString(),
    bytes: 4,
    shape: 'wide',
    timeKind: 'index',
    from: null,
    to: null,
    rows: 3,
    timePoints: 3,
    trials: 1,
    fields: ['value'],
    series: ['a', 'b'],
    report: {
      format: 'csv', compression: 'none', delimiter: ',', header: true, commentLines: 0, shape: 'wide', timeColumn: null, timeKind: 'index', keyColumn: null, trials: null,
      ignoredColumns: [], rowsRead: 3, rowsStored: 3, timePoints: 3, series: 2, fields: ['value'], from: null, to: null, frequency: null,
      missingCells: nothing, badCells: nothing, infiniteCells: nothing, badRows: nothing, duplicates: { ...nothing, action: '' }, unsorted: { ...nothing, action: '' },
      gaps: { ...nothing, missing: 0 }, lateSeries: nothing, completeSeries: 2, constantSeries: { count: 0, names: [] }, notes: [],
      milliseconds: { total: 0, read: 0, check: 0, store: 0 },
    },
  };
}

/** Stores a sample data set, its file being no real Parquet. */
export async function addSampleDataset(platform: Platform, name = 'sample'): Promise<Dataset> {
  const dataset = sampleDataset(name);
  await writeFile(platform.datasets.path(dataset.id), 'PAR1');
  return (await platform.datasets.add(dataset)).dataset;
}

export function sampleSpec(dataset: string, rest: Partial<Omit<JobSpecInput, 'input'>> = {}): JobSpec {
  return jobSpec.parse({ analysis: 'correlation', input: { dataset }, ...rest });
}

export const sampleEngine: EngineUsed = { name: 'cpu', device: 'a test', precision: 'f64', reason: 'asked for' };

export const sampleTable: TableSchema = {
  name: 'pairs',
  title: 'Pairs',
  columns: [
    { name: 'a', type: 'utf8' },
    { name: 'r', type: 'real', unit: '1', description: 'Correlation coefficient' },
    { name: 'n', type: 'int32' },
  ],
};

/** One record batch as parts hold it: its encapsulated message, without schema and end of stream. */
export function batchMessage(schema: Schema, columns: readonly (readonly unknown[])[]): Uint8Array {
  const length = columns[0]?.length ?? 0;
  const children = schema.fields.map((field, index) => columnData(field.type, columns[index] ?? []));
  const batch = new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.write(batch);
  writer.finish();
  const stream = writer.toUint8Array(true);
  return stream.subarray(schemaMessage(schema).byteLength, stream.byteLength - endOfStream.byteLength);
}

/** Apache Arrow's builder takes instants in milliseconds; ours are microseconds, and go in as they are. */
function columnData(type: DataType, values: readonly unknown[]): Data {
  const raw = vectorFromArray([...values], DataType.isTimestamp(type) ? new Int64() : type).data[0];
  if (!raw) return makeData({ type, length: 0, nullCount: 0 });
  return DataType.isTimestamp(type) ? makeData({ type, length: raw.length, nullCount: raw.nullCount, nullBitmap: raw.nullBitmap, data: raw.values }) : raw;
}

/** Writes rows of `sampleTable` as a part of an attempt. */
export async function writeSamplePart(platform: Platform, claim: Claim, file: string, rows: readonly [string, number | null, number][], table = sampleTable.name): Promise<StoredPart> {
  const folder = await platform.results.attemptFolder(claim.job.id, claim.attempt);
  const bytes = batchMessage(arrowSchema(sampleTable, 'f64'), [rows.map((row) => row[0]), rows.map((row) => row[1]), rows.map((row) => row[2])]);
  await writeFile(join(folder, file), bytes);
  return { table, path: `${claim.job.id}/${claim.attempt}/${file}`, rows: rows.length, bytes: bytes.byteLength };
}

/** Runs a claimed job to its end: one step with one part. */
export async function succeedSample(platform: Platform, claim: Claim, identity = `identity of ${claim.job.id}`): Promise<void> {
  await platform.jobs.begin(claim, sampleEngine, [sampleTable]);
  const part = await writeSamplePart(platform, claim, 'pairs-0', [['x', 0.5, 10], ['y', null, 20]]);
  await platform.jobs.storeStep(claim, 0, [part]);
  await platform.jobs.succeed(claim, { computeMs: 1 }, identity);
}
