/** The import mapping out of a query and a form's fields: names one by one, or all of it as JSON. */
import { importMapping, type ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError, placesOf } from '@corrente/shared/contract/errors';
import { importQuery, type ImportQuery } from '@corrente/shared/contract/http';

export interface ImportRequest {
  readonly name: string | undefined;
  readonly mapping: ImportMapping;
}

/**
 * Single names win over the JSON, the form's fields over the query. Throws `bad-request` for a field that is not
 * known, `invalid-mapping` for JSON that is no mapping.
 */
export function importRequest(query: ImportQuery, fields: Readonly<Record<string, string | string[]>>): ImportRequest {
  const form = importQuery.safeParse(fields);
  if (!form.success) {
    const places = placesOf(form.error);
    throw new CorrenteError('bad-request', `The form does not fit: ${places.map(({ pointer, detail }) => `${pointer || 'the whole'}: ${detail}`).join('; ')}.`, { places });
  }
  const { name, mapping: json, ...single } = { ...query, ...form.data };
  const parsed = importMapping.safeParse({ ...jsonMapping(json), ...single });
  if (parsed.success) return { name, mapping: parsed.data };
  const places = placesOf(parsed.error, '/mapping');
  throw new CorrenteError('invalid-mapping', `The mapping does not fit: ${places.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ')}.`, { places });
}

function jsonMapping(json: string | undefined): object {
  if (json === undefined) return {};
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new CorrenteError('invalid-mapping', 'The mapping is not JSON.', { places: [{ pointer: '/mapping', detail: 'is not JSON' }], cause: error });
  }
  throw new CorrenteError('invalid-mapping', 'The mapping is JSON, but no object.', { places: [{ pointer: '/mapping', detail: 'must be an object' }] });
}
