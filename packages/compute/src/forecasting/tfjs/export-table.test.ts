import { encodedArray, type ModelDocument } from '@corrente/shared/contract/model-file';
import { tableFromArrays, type Table } from 'apache-arrow';
import { expect, test } from 'vitest';
import { exportedTable } from './export-table.ts';

/** Of a linear model of one weight for each of two rows. */
function documentOf(weight: number): string {
  const document: ModelDocument = {
    format: 'corrente-model', version: 1, analysis: 'forecast', kind: 'trained', model: 'linear', horizon: 1, series: ['a'], coverage: 0.9, widths: encodedArray(Float64Array.of(1)), mode: 'channel-independent', lookback: 2, exogenous: [], mean: [0], deviation: [1],
    layered: { steps: 2, features: 1, anchored: false, layers: [{ kind: 'flatten' }, { kind: 'dense', units: 1, activation: 'linear' }] }, topology: null, loss: 'mse', parameters: encodedArray(Float64Array.of(weight, weight, 0)), epoch: 1, validationLoss: 1,
  };
  return JSON.stringify(document);
}

const tableOf = (rows: ReadonlyArray<readonly [number, string]>): Table => tableFromArrays({ part: Int32Array.from(rows, ([part]) => part), text: rows.map(([, text]) => text) });

const weightsOf = async (table: Table): Promise<number[]> => {
  const { weightData } = JSON.parse(await exportedTable(table));
  return [...new Float32Array(Uint8Array.from(Buffer.from(weightData, 'base64')).buffer)];
};

test('pieces of a document are joined', async () => {
  const text = documentOf(0.5);
  expect(await weightsOf(tableOf([[0, text.slice(0, 100)], [1, text.slice(100, 200)], [2, text.slice(200)]]))).toEqual([0.5, 0.5, 0]);
});

test('of several documents, as a cancelled training leaves them, the last counts', async () => {
  const last = documentOf(0.25);
  expect(await weightsOf(tableOf([[0, documentOf(0.5)], [0, last.slice(0, 90)], [1, last.slice(90)]]))).toEqual([0.25, 0.25, 0]);
});

test.each([
  ['no rows', tableOf([])],
  ['half a document', tableOf([[0, documentOf(1).slice(0, 90)]])],
  ['the document of another analysis', tableOf([[0, documentOf(1).replace('"forecast"', '"learn"')]])],
])('a table with %s is refused', async (_, table) => {
  await expect(exportedTable(table)).rejects.toMatchObject({ code: 'unsuitable-result' });
});
