import { RecordBatchReader, Table } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { gaussianColumns } from '../../test/series/columns.ts';
import { collect } from './collect.testing.ts';
import { frameOf } from './frame.testing.ts';
import { type ArrowRequest, runToArrow } from './run-to-arrow.ts';

const frame = frameOf(gaussianColumns(3, 130_000));
const request: ArrowRequest = {
  analysis: 'moving-average',
  params: { windows: [5] },
  frame,
  engine: 'portable',
  precision: 'f64',
  seed: 1,
  signal: new AbortController().signal,
  onProgress: () => {},
  log: () => {},
};

describe('runToArrow', () => {
  it('gives the table that a job would store', async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of runToArrow(request)) chunks.push(chunk);
    const table = new Table(RecordBatchReader.from(Buffer.concat(chunks)).readAll());
    const stored = (await collect('moving-average', frame, { params: request.params })).table('values');
    expect(table.numRows).toBe(390_000);
    expect(table.getChild('sma_5')?.toArray()).toEqual(stored.getChild('sma_5')?.toArray());
  });

  it('tells the engine before the first bytes, and its first bytes are the schema', async () => {
    const told: string[] = [];
    const stream = runToArrow({ ...request, analysis: 'correlation', params: { output: 'both' }, table: 'pairs', onBegin: (engine, table) => told.push(engine.name, table.name) });
    const first = await stream.next();
    expect(told).toEqual(['portable', 'pairs']);
    expect(first.value && RecordBatchReader.from(first.value).open().schema.fields.map((field) => field.name)).toEqual(['a', 'b', 'lag', 'r', 'n', 'p']);
    await stream.return();
  });

  it('computes no further than one step ahead of its reader, and stops when the reader does', async () => {
    const steps = new Set<string>();
    const many = frameOf(gaussianColumns(40, 130_000));
    const stream = runToArrow({ ...request, frame: many, onProgress: ({ message }) => steps.add(message) });
    await stream.next();
    await stream.next();
    await stream.return();
    expect(steps.size).toBeLessThan(5);
  });

  it('refuses a table that the parameters do not make, naming those they make', async () => {
    await expect(runToArrow({ ...request, analysis: 'correlation', params: {}, table: 'pairs' }).next()).rejects.toMatchObject({ code: 'table-not-found', message: expect.stringContaining('they make matrix') });
  });

  it('throws the error of the run to its reader', async () => {
    await expect(runToArrow({ ...request, params: { windows: [130_001] } }).next()).rejects.toMatchObject({ code: 'window-too-long' });
  });

  it('ends with cancelled when its signal aborts', async () => {
    const controller = new AbortController();
    const stream = runToArrow({ ...request, signal: controller.signal });
    await stream.next();
    controller.abort();
    await expect((async () => {
      while (!(await stream.next()).done);
    })()).rejects.toMatchObject({ code: 'cancelled' });
  });
});
