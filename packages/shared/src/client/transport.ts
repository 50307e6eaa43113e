/** One HTTP exchange with a Corrente server: addresses, the API key, and errors as CorrenteErrors. */
import { z } from 'zod';
import { CorrenteError, errorTable, problem, type ErrorCode } from '../contract/errors.ts';

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob | ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string;
  readonly signal?: AbortSignal | undefined;
  /** A status of 400 or above that is an answer here rather than an error. */
  readonly accepted?: number;
}

export interface TransportOptions {
  /** Such as http://localhost:8420; in a browser the page's own server where it is left empty. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
}

/** Statuses with which a proxy says that the server behind it does not answer. */
const gatewayStatuses = new Set([502, 503, 504]);
const titled = z.object({ title: z.string().optional(), detail: z.string().optional() });

export class Transport {
  readonly #base: string;
  readonly #apiKey: string | undefined;
  readonly #fetch: typeof fetch;

  constructor(options: TransportOptions) {
    this.#base = options.baseUrl.replace(/\/+$/, '');
    this.#apiKey = options.apiKey;
    // Bound, because a browser's fetch refuses to be called as a method of anything but its window.
    this.#fetch = options.fetch ?? fetch.bind(globalThis);
  }

  /** The full address of a path; list values stand once per item, absent ones are left out. */
  url(path: string, query: Query = {}): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined || value === null) continue;
      for (const item of typeof value === 'object' ? value : [value]) parameters.append(name, String(item));
    }
    return `${this.#base}${path}${parameters.size > 0 ? `?${parameters.toString()}` : ''}`;
  }

  /** The response where its status is below 400. Throws the server's problem, or `server-unreachable`. */
  async send(path: string, options: RequestOptions = {}): Promise<Response> {
    const url = this.url(path, options.query);
    const headers = { accept: 'application/json', ...(this.#apiKey === undefined ? {} : { authorization: `Bearer ${this.#apiKey}` }), ...options.headers };
    let response: Response;
    try {
      response = await this.#fetch(url, {
        method: options.method ?? 'GET',
        headers,
        signal: options.signal ?? null,
        // A stream can only be sent with the answer read after it.
        ...(options.body === undefined ? {} : { body: options.body, duplex: 'half' }),
      });
    } catch (error) {
      throw connectionError(error, options.signal, `${url} did not answer`);
    }
    if (response.status >= 400 && response.status !== options.accepted) throw await problemOf(response, url);
    return response;
  }

  /** The answer's JSON. Its type is the contract's word: the server checks what it takes in, the client trusts it. */
  async json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.send(path, options);
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw connectionError(error, options.signal, `${path} did not answer with the JSON that was expected`);
    }
  }
}

/** A failed connection as `server-unreachable`, or as `cancelled` where the caller's own signal ended it. */
export function connectionError(error: unknown, signal: AbortSignal | undefined, what: string): CorrenteError {
  if (error instanceof CorrenteError) return error;
  if (signal?.aborted === true) return new CorrenteError('cancelled', 'The request was cancelled by its caller.', { cause: error });
  const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  return new CorrenteError('server-unreachable', `${what}: ${reason || 'the connection was refused'}.`, { cause: error });
}

async function problemOf(response: Response, url: string): Promise<CorrenteError> {
  const text = await response.text().catch(() => '');
  const body = parseJson(text);
  const parsed = problem.safeParse(body);
  if (parsed.success) return CorrenteError.fromProblem(parsed.data);
  if (gatewayStatuses.has(response.status)) return new CorrenteError('server-unreachable', `${url} answered ${response.status}, with no word from Corrente.`);
  // A newer server may know codes that this client does not: its words are kept, under a code of the same status.
  const words = titled.safeParse(body);
  const said = words.success ? (words.data.detail ?? words.data.title) : undefined;
  const codes = Object.keys(errorTable) as ErrorCode[];
  const code = codes.find((name) => errorTable[name].status === response.status) ?? 'internal';
  return new CorrenteError(code, said ?? `${url} answered ${response.status} with ${text.length} characters that are not problem details.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
