/** Trained models in result tables: written by the analyses that train, read by those that apply. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { modelDocument, type ModelDocument, modelTable } from '@corrente/shared/contract/model-file';
import type { z } from 'zod';
import type { InputResult, StepContext } from './analysis.ts';

export { modelTable };

/** Bytes of a piece: rows stay small enough for any reader. */
const pieceBytes = 2 ** 20;

/** Adds the document to the table `model` of the job, which must be among its tables, in pieces of at most 1 MiB. */
export function emitModel(context: Pick<StepContext, 'emit'>, document: ModelDocument): void {
  const text = asciiJson(document);
  const pieces = Array.from({ length: Math.ceil(text.length / pieceBytes) }, (_, part) => text.slice(part * pieceBytes, (part + 1) * pieceBytes));
  context.emit(modelTable.name, [Int32Array.from(pieces.keys()), pieces]);
}

/** JSON in which a character is a byte, so that it may be cut anywhere. */
function asciiJson(document: ModelDocument): string {
  return JSON.stringify(document).replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The document of a result, parsed with the schema of the analysis that made it. Throws `unsuitable-result` where the
 * result has no model, where it was cut short, or where it is not of this schema.
 */
export async function readModel<S extends z.ZodType>(result: InputResult, schema: S): Promise<z.output<S>> {
  const document = await readModelDocument(result);
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unsuitable(result, `the model is not as ${document.analysis} writes it: /${issue?.path.join('/') ?? ''} ${issue?.message ?? ''}`, parsed.error);
}

/** The document of a result, of which only the head is checked: which analysis it is of. */
export async function readModelDocument(result: InputResult): Promise<z.output<typeof modelDocument>> {
  const text = await modelText(result);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unsuitable(result, 'the model is no whole JSON document', error);
  }
  const head = modelDocument.safeParse(json);
  if (!head.success) throw unsuitable(result, 'the model is of another format or version than corrente-model 1', head.error);
  return head.data;
}

async function modelText(result: InputResult): Promise<string> {
  const table = await result.table(modelTable.name).catch((error: unknown) => {
    if (error instanceof CorrenteError && error.code === 'table-not-found') throw unsuitable(result, `it has no table ${modelTable.name}`, error);
    throw error;
  });
  const pieces: string[] = [];
  for (let row = 0; row < table.numRows; row++) {
    const part: unknown = table.getChild('part')?.get(row);
    const text: unknown = table.getChild('text')?.get(row);
    if (part !== row || typeof text !== 'string') throw unsuitable(result, `row ${row} of its table ${modelTable.name} is not the piece ${row} of a model`);
    pieces.push(text);
  }
  if (pieces.length === 0) throw unsuitable(result, `its table ${modelTable.name} is empty`);
  return pieces.join('');
}

function unsuitable({ job, spec }: InputResult, why: string, cause?: unknown): CorrenteError {
  return new CorrenteError('unsuitable-result', `${job} of ${spec.analysis} cannot be applied: ${why}. Expected a result with a trained model.`, { cause });
}
