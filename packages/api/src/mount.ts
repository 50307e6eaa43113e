/** Puts handlers onto the routes of the contract: guards, validated parameters, JSON answers, 405 for other methods. */
import { CorrenteError, placesOf, type ErrorCode } from '@corrente/shared/contract/errors';
import { routes, type Route, type RouteName, type Routes } from '@corrente/shared/contract/http';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { z } from 'zod';

type Parsed<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;
type JsonBody<R> = R extends { body: { content: { 'application/json': infer S extends z.ZodType } } } ? z.output<S> : undefined;

/** A request whose parameters fit the route's schemas. */
export interface Call<R> {
  readonly params: Parsed<R, 'params'>;
  readonly query: Parsed<R, 'query'>;
  readonly body: JsonBody<R>;
  readonly request: Request;
  readonly response: Response;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON; nothing where it is not given. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Gives a reply, or nothing where it has answered (or streamed) itself. */
export type Handler<N extends RouteName> = (call: Call<Routes[N]>) => Promise<Reply | void> | Reply | void;
export type Handlers = { readonly [N in RouteName]: Handler<N> };

const jsonLimit = 1024 * 1024;
const parseJson = express.json({ limit: jsonLimit, type: 'application/json', strict: false });

/**
 * Mounts every route of the table; `guards` stand before those that are not open. A path is closed by its 405 before
 * the next is mounted, so that /v1/jobs/estimate never counts as a job's id.
 */
export function mount(router: Router, handlers: Handlers, guards: readonly RequestHandler[]): void {
  const names = Object.keys(routes) as RouteName[];
  for (const [path, ofPath] of Map.groupBy(names, (name) => routes[name].path)) {
    for (const name of ofPath) {
      const route: Route = routes[name];
      const steps: RequestHandler[] = [...(route.open ? [] : guards)];
      if (route.body !== undefined && 'application/json' in route.body.content) steps.push(requireJson, parseJson);
      // The table pairs each handler with its route's schemas; the compiler cannot follow that through a loop.
      const handle: (call: Call<never>) => Promise<Reply | void> | Reply | void = handlers[name];
      router[route.method](expressPath(path), ...steps, async (request, response) => {
        const reply = await handle({ ...parse(route, request), request, response } as Call<never>);
        if (reply !== undefined) send(response, reply);
      });
    }
    router.all(expressPath(path), methodNotAllowed(ofPath.flatMap((name) => methodsOf(routes[name]))));
  }
}

/** Answers in JSON without the detours of Express's own: no ETag, no second look at the type. */
export function send(response: Response, { status, body, headers = {} }: Reply): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('cache-control', 'no-store');
  if (body === undefined) {
    response.end();
    return;
  }
  const text = JSON.stringify(body);
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

const methodsOf = ({ method }: Route): string[] => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]);

const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

function parse(route: Route, request: Request): { params: unknown; query: unknown; body: unknown } {
  const params = route.params?.safeParse(request.params);
  // An id that cannot exist is looked up nowhere, least of all on a disk.
  if (params?.success === false) throw new CorrenteError(route.missing ?? 'not-found', `Nothing is called ${JSON.stringify(Object.values(request.params).join('/'))}: ${placesOf(params.error).map((place) => place.detail).join('; ')}.`);
  return {
    params: params?.data,
    query: route.query === undefined ? undefined : valid(route.query, request.query, 'bad-request', '', 'The query'),
    body: route.body?.invalid === undefined ? undefined : valid(jsonSchema(route), request.body, route.body.invalid, '', 'The body'),
  };
}

function jsonSchema(route: Route): z.ZodType {
  const schema = route.body?.content['application/json'];
  if (schema === undefined || typeof schema === 'string') throw new CorrenteError('internal', `${route.path} has no schema for its JSON body.`);
  return schema;
}

function valid(schema: z.ZodType, value: unknown, code: ErrorCode, base: string, what: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const places = placesOf(parsed.error, base);
  throw new CorrenteError(code, `${what} does not fit: ${places.map(({ pointer, detail }) => `${pointer || 'the whole'}: ${detail}`).join('; ')}.`, { places });
}

/** The media type of what was sent, without its parameters; an empty text where there is none. */
export function mediaTypeOf(request: Request): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

const requireJson: RequestHandler = (request, _response, next) => {
  // Not request.is(): it knows no type of a request without a body.
  if (mediaTypeOf(request) === 'application/json') return next();
  throw new CorrenteError('unsupported-media-type', `The content type was ${request.headers['content-type'] ?? 'missing'}; application/json was expected.`);
};

function methodNotAllowed(methods: readonly string[]): RequestHandler {
  const allow = methods.join(', ');
  return (request, response) => {
    response.setHeader('allow', allow);
    if (request.method === 'OPTIONS') {
      response.statusCode = 204;
      response.end();
      return;
    }
    throw new CorrenteError('method-not-allowed', `${request.method} was sent; ${request.path} takes ${allow}.`);
  };
}
