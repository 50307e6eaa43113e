import { jobSpec } from '@corrente/shared/contract/job';
import { decoded, encodedArray, type ModelDocument, modelTable } from '@corrente/shared/contract/model-file';
import { Table, tableFromArrays } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { gaussians } from '../../test/series/random.ts';
import type { InputResult, PartColumn } from './analysis.ts';
import { emitModel, readModel } from './model-table.ts';

const spec = jobSpec.parse({ analysis: 'forecast', input: { dataset: `ds_${'0'.repeat(32)}` } });

function resultWith(table: InputResult['table']): InputResult {
  return { job: `job_${'0'.repeat(26)}`, spec, params: {}, table, frame: () => Promise.reject(new Error('not read here')) };
}

/** The table that a document is emitted as, and the length of its pieces. */
function emitted(document: ModelDocument): { table: Table; pieces: string[] } {
  const rows: Array<readonly PartColumn[]> = [];
  emitModel({ emit: (name, columns) => void (name === modelTable.name && rows.push(columns)) }, document);
  const [part, text] = rows[0] ?? [];
  if (!(part instanceof Int32Array) || !Array.isArray(text)) throw new Error('expected the parts and their text');
  return { table: tableFromArrays({ part, text }), pieces: text.map(String) };
}

const document = { format: 'corrente-model', version: 1, analysis: 'forecast' } as const;
const schema = z.looseObject({ analysis: z.literal('forecast'), name: z.string(), weights: decoded('float64'), nodes: decoded('int32') });

describe('a model in a result table', () => {
  it('comes back with every bit and every character', async () => {
    const weights = Float64Array.of(-0, Number.NaN, Number.NEGATIVE_INFINITY, Number.MIN_VALUE, ...gaussians(3, 50_000));
    const { table } = emitted({ ...document, name: 'μ😀"\\', weights: encodedArray(weights), nodes: encodedArray(Int32Array.of(-1, 2 ** 31 - 1)) });
    const read = await readModel(resultWith(() => Promise.resolve(table)), schema);
    expect(new Uint8Array(read.weights.buffer)).toEqual(new Uint8Array(weights.buffer));
    expect(read).toMatchObject({ name: 'μ😀"\\', nodes: Int32Array.of(-1, 2 ** 31 - 1) });
  });

  it('lies in pieces of at most a MiB, whatever the characters are', () => {
    const { pieces } = emitted({ ...document, name: 'é'.repeat(500_000) });
    expect(pieces.length).toBe(3);
    expect(Math.max(...pieces.map((piece) => Buffer.byteLength(piece)))).toBe(2 ** 20);
  });

  it('that is empty, cut short, of another version or not as its analysis writes it is refused', async () => {
    const { table, pieces } = emitted({ ...document, name: 'x'.repeat(2_000_000), weights: encodedArray(new Float64Array(3)), nodes: encodedArray(new Int32Array(3)) });
    const cut = tableFromArrays({ part: Int32Array.of(0), text: pieces.slice(0, 1) });
    const cases = [
      [tableFromArrays({ part: new Int32Array(0), text: [''].slice(1) }), /is empty/],
      [cut, /no whole JSON/],
      [table.slice(1), /row 0/],
      [emitted({ ...document, name: 'no weights' }).table, /\/weights/],
      [emitted({ ...document, name: 'x', weights: { type: 'float64', base64: 'AAAA' }, nodes: encodedArray(new Int32Array(1)) }).table, /3 bytes/],
      [emitted({ ...document, name: 'x', weights: { type: 'float64', base64: '!' }, nodes: encodedArray(new Int32Array(1)) }).table, /not base64/],
      [tableFromArrays({ part: Int32Array.of(0), text: ['{"format":"corrente-model","version":2,"analysis":"forecast"}'] }), /another format or version/],
    ] as const;
    for (const [given, message] of cases) {
      await expect(readModel(resultWith(() => Promise.resolve(given)), schema)).rejects.toThrow(expect.objectContaining({ code: 'unsuitable-result', message: expect.stringMatching(message) }));
    }
  });

  it('is missed where the job has no such table', async () => {
    const without = resultWith(() => Promise.reject(new CorrenteError('table-not-found', 'There is no table "model".')));
    await expect(readModel(without, schema)).rejects.toThrow(expect.objectContaining({ code: 'unsuitable-result', message: expect.stringContaining('no table model') }));
  });
});
