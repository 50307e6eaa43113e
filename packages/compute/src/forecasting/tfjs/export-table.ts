/** The result table `model` of a forecast as the text of a document of TensorFlow.js. */
import { forecastDocument } from '@corrente/shared/contract/analyses/forecast';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { type Table, tableFromIPC } from 'apache-arrow';
import { exportedForecast } from './export-forecast.ts';

/**
 * JSON of one line. Of a training that was cancelled the table holds every model that was the best for a while: the last
 * one counts. Throws `unsuitable-result` where the table is not that of a forecast, or its last model is not whole.
 */
export async function exportedTable(table: Table): Promise<string> {
  const [parts, pieces] = ['part', 'text'].map((name) => Array.from(table.getChild(name) ?? [], String));
  const begin = parts?.lastIndexOf('0') ?? -1;
  let document: unknown;
  try {
    document = JSON.parse(pieces?.slice(Math.max(0, begin)).join('') ?? '');
  } catch (error) {
    throw new CorrenteError('unsuitable-result', 'The table model holds no whole JSON document; expected that of a forecast.', { cause: error });
  }
  const parsed = forecastDocument.safeParse(document);
  if (parsed.success) return `${JSON.stringify(await exportedForecast(parsed.data))}\n`;
  const [issue] = parsed.error.issues;
  throw new CorrenteError('unsuitable-result', `The model is not that of a forecast, or of another version: /${issue?.path.join('/') ?? ''} ${issue?.message ?? ''}.`, { cause: parsed.error });
}

/** The same of an Arrow stream, once it is all there. */
export async function* exportedStream(arrow: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of arrow) chunks.push(chunk);
  yield await exportedTable(tableFromIPC(chunks));
}
