import { documentedStatuses, routes, type Route } from '@corrente/shared/contract/http';
import { expect, test } from 'vitest';
import { openapi } from './openapi.ts';

const document = JSON.parse(JSON.stringify(openapi())) as {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, { content?: Record<string, unknown> }>; parameters?: { name: string; in: string; schema: unknown }[]; requestBody?: { content: Record<string, unknown> } }>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown>; required?: string[] }> };
};

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '$ref' ? [String(item)] : referencesIn(item)));
}

test('every route stands in it, with each status that it documents and a default', () => {
  for (const [name, route] of Object.entries<Route>(routes)) {
    const operation = document.paths[route.path]?.[route.method];
    expect(operation?.operationId).toBe(name);
    expect(Object.keys(operation?.responses ?? {})).toEqual([...documentedStatuses(route).map(String), 'default']);
  }
});

test('every reference leads to a component, and every component but the parameters of an analysis is referred to', () => {
  const references = new Set(referencesIn(document));
  const names = Object.keys(document.components.schemas);
  expect([...references].filter((reference) => !names.includes(reference.replace('#/components/schemas/', '')))).toEqual([]);
  expect(names.filter((name) => !references.has(`#/components/schemas/${name}`) && !name.endsWith('Params'))).toEqual([]);
});

test('what may be sent leaves defaults out, what is given back has them', () => {
  const { JobSpec, JobSpecInput, JobInputInput } = document.components.schemas;
  expect(JobSpecInput?.required).toEqual(['analysis', 'input']);
  expect(JobSpecInput?.properties?.['input']).toEqual({ $ref: '#/components/schemas/JobInputInput' });
  expect(JobInputInput?.required).toEqual(['dataset']);
  expect(JobSpec?.required).toContain('seed');
  expect(document.components.schemas['Job']?.properties?.['spec']).toEqual({ $ref: '#/components/schemas/JobSpec' });
});

test('parameters and bodies have the schemas that validate them', () => {
  const list = document.paths['/v1/jobs']?.['get']?.parameters;
  expect(list?.find(({ name }) => name === 'limit')).toMatchObject({ in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 500, default: 50 } });
  expect(document.paths['/v1/jobs/{id}']?.['get']?.parameters).toMatchObject([{ name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: expect.stringContaining('^job_') } }]);
  expect(Object.keys(document.paths['/v1/datasets']?.['post']?.requestBody?.content ?? {})).toEqual(expect.arrayContaining(['text/csv', 'multipart/form-data']));
});
