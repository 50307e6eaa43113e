/** The OpenAPI 3.1 document, generated from the routes of the contract and the error table. */
import { analyses } from '@corrente/shared/contract/analyses/index';
import { errorTable, problem, type ErrorCode } from '@corrente/shared/contract/errors';
import { documentedErrors, routes, type RawBody, type Route } from '@corrente/shared/contract/http';
import type { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { SchemaComponents, type Json } from './schemas.ts';

const tags: Record<Route['tag'], string> = {
  datasets: 'Files, imported once and immutable.',
  analyses: 'What can be computed.',
  engines: 'What it is computed on.',
  jobs: 'One analysis of one data set each.',
  results: 'Tables, readable while they grow.',
  health: 'For whoever runs the server.',
  docs: 'This description.',
};

const problemType = 'application/problem+json';

export function openapi(): Json {
  const components = new SchemaComponents();
  const operations = Object.entries<Route>(routes).map(([name, route]) => ({ route, operation: operation(name, route, components) }));
  // The parameters of each analysis, so that generated clients have their types.
  for (const { params } of analyses.values()) components.of(params, 'input');
  const { schemas, write } = components.resolve();

  const paths: Record<string, Record<string, Json>> = {};
  for (const { route, operation: { sent, given } } of operations) {
    (paths[route.path] ??= {})[route.method] = { ...Object(write(sent, 'input')), ...Object(write(given, 'output')) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Corrente',
      version: manifest.version,
      summary: 'Analyse many time series at once; results stream while they are computed.',
      description: 'Errors are problem details (RFC 9457) with a `code` of one table. HEAD is answered wherever GET is; a method that an address does not take is answered with 405 and Allow.',
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: [{ key: [] }, {}],
    paths,
    components: { schemas, securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'Needed where the server was given API keys.' } } },
  };
}

/** The operation in two halves: what is sent, and what is given back. */
function operation(name: string, route: Route, components: SchemaComponents): { sent: Json; given: Json } {
  const parameters = [
    ...fields(route.params, 'path', components),
    ...fields(route.query, 'query', components),
    ...Object.entries(route.headers ?? {}).map(([header, description]) => ({ name: header, in: 'header', description, schema: { type: 'string' } })),
  ];
  const { body } = route;
  return {
    sent: {
      operationId: name,
      tags: [route.tag],
      summary: route.summary,
      ...(route.open ? { security: [] } : {}),
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(body === undefined ? {} : { requestBody: { required: true, description: body.description, content: content(body.content, components, 'input') } }),
    },
    given: { responses: { ...replies(route, components), ...errors(route, components) } },
  };
}

function fields(schema: z.ZodObject | undefined, place: 'path' | 'query', components: SchemaComponents): Json[] {
  if (schema === undefined) return [];
  return Object.entries<z.ZodType>(schema.shape).map(([name, field]) => {
    const { description, ...rest } = components.of(field, 'input');
    return { name, in: place, required: place === 'path', description, schema: rest };
  });
}

function replies(route: Route, components: SchemaComponents): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(route.replies).map(([status, reply]) => [
      status,
      {
        description: reply.description,
        ...(reply.headers === undefined ? {} : { headers: mapValues(reply.headers, (description) => ({ description, schema: { type: 'string' } })) }),
        ...(reply.content === undefined ? {} : { content: content(reply.content, components, 'output') }),
      },
    ]),
  );
}

function errors(route: Route, components: SchemaComponents): Record<string, Json> {
  const schema = components.of(problem, 'output');
  const byStatus = Map.groupBy(documentedErrors(route), (code: ErrorCode) => errorTable[code].status);
  const entries = [...byStatus].map(([status, codes]): [string, Json] => [
    String(status),
    { description: codes.map((code) => `\`${code}\`: ${errorTable[code].title}.`).join(' '), content: { [problemType]: { schema } } },
  ]);
  return { ...Object.fromEntries(entries), default: { description: 'Any other problem, such as a fault of the server or a database that does not answer.', content: { [problemType]: { schema } } } };
}

function content(types: Readonly<Record<string, z.ZodType | RawBody>>, components: SchemaComponents, face: 'input' | 'output'): Json {
  return mapValues(types, (schema) => {
    if (schema === 'text') return { schema: { type: 'string' } };
    return schema === 'binary' ? {} : { schema: components.of(schema, face) };
  });
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
