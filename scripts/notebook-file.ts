/** A notebook as it is stored: with what its cells show, without what differs from run to run. */
import { z } from 'zod';

/** What a person can do something about; told without a stack. */
export class NotebookError extends Error {}

const notebookCell = z.looseObject({ metadata: z.record(z.string(), z.unknown()), source: z.array(z.string()), outputs: z.array(z.unknown()).optional() });
const notebook = z.looseObject({ cells: z.array(notebookCell), metadata: z.record(z.string(), z.unknown()) });

/**
 * Leaves out what differs from run to run and from machine to machine; refuses what must not be stored, and cells whose
 * output is not there, or is an error.
 *
 * @throws NotebookError
 */
export function cleaned(text: string, secrets: readonly string[]): string {
  const read = notebook.parse(JSON.parse(text));
  for (const cell of read.cells) {
    delete cell.metadata['execution'];
    const source = cell.source.join('');
    if (source.includes('await show(') && cell.outputs?.length === 0) throw new NotebookError(`A cell shows nothing, though it should: ${source.slice(0, 100)} … The notebook was not stored.`);
  }
  read.metadata = { kernelspec: { display_name: 'Deno', language: 'typescript', name: 'deno' }, language_info: { file_extension: '.ts', name: 'typescript' } };
  const stored = `${JSON.stringify(read, null, 1)}\n`;
  if (stored.includes('"output_type": "error"')) throw new NotebookError('A cell ended with an error. The notebook was not stored.');
  const found = secrets.find((secret) => stored.includes(secret));
  if (found !== undefined) throw new NotebookError(`A cell shows ${found}, which is of this machine alone. The notebook was not stored.`);
  return stored;
}
