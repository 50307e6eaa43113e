/** Sends a file with its progress, which fetch cannot tell. */
import type { Dataset, ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError, problem } from '@corrente/shared/contract/errors';
import { currentApiKey } from '../../app/client.ts';

export interface UploadOptions {
  readonly mapping: Partial<ImportMapping>;
  /** Fraction of the bytes that have left, 0 to 1; 1 while the server reads them. */
  readonly onProgress: (fraction: number) => void;
  readonly signal: AbortSignal;
}

/** The data set, named after the file. Throws what the server says of the file, or `server-unreachable`. */
export function uploadDataset(file: File, { mapping, onProgress, signal }: UploadOptions): Promise<Dataset> {
  const query = new URLSearchParams({ name: file.name });
  if (Object.keys(mapping).length > 0) query.set('mapping', JSON.stringify(mapping));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/v1/datasets?${query.toString()}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    const key = currentApiKey();
    if (key !== undefined) request.setRequestHeader('authorization', `Bearer ${key}`);
    request.upload.addEventListener('progress', (event) => onProgress(event.total > 0 ? event.loaded / event.total : 0));
    request.upload.addEventListener('load', () => onProgress(1));
    request.addEventListener('load', () => {
      try {
        resolve(answer(request));
      } catch (error) {
        reject(CorrenteError.from(error));
      }
    });
    request.addEventListener('error', () => reject(new CorrenteError('server-unreachable', `The connection broke while ${file.name} was being sent.`)));
    request.addEventListener('abort', () => reject(new CorrenteError('cancelled', `The import of ${file.name} was cancelled.`)));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function answer(request: XMLHttpRequest): Dataset {
  const body: unknown = JSON.parse(request.responseText);
  if (request.status < 400) return body as Dataset;
  const parsed = problem.safeParse(body);
  throw parsed.success ? CorrenteError.fromProblem(parsed.data) : new CorrenteError('internal', `The server answered ${request.status} with no word on why.`);
}
