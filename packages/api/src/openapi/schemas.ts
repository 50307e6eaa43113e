/**
 * zod schemas as OpenAPI 3.1 components (JSON Schema 2020-12). A schema with defaults has two faces, what may be sent
 * and what is given back; where they differ, the first is a component of its own, named …Input.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { CorrenteError } from '@corrente/shared/contract/errors';

export type Json = { readonly [key: string]: unknown };
type Face = 'input' | 'output';

const here = '#/$defs/';
const components = '#/components/schemas/';

export class SchemaComponents {
  readonly #faces: Record<Face, Map<string, Json>> = { input: new Map(), output: new Map() };

  /** The schema as it stands in the document: a reference where it has a name. Its parts are collected on the way. */
  of(schema: z.ZodType, face: Face): Json {
    const { $defs = {}, ...whole } = z.toJSONSchema(schema, { io: face, target: 'draft-2020-12' });
    for (const [name, definition] of Object.entries($defs)) this.#keep(name, definition, face);
    return withoutId(whole);
  }

  /** All components, once everything was collected, and how a reference of each face is written. */
  resolve(): { schemas: Json; write: (value: unknown, face: Face) => unknown } {
    const differ = this.#differing();
    const renamed = (name: string, face: Face): string => (face === 'input' && differ.has(name) ? `${name}Input` : name);
    const write = (value: unknown, face: Face): unknown => mapReferences(value, (name) => components + renamed(name, face));
    const schemas: Record<string, unknown> = {};
    for (const face of ['output', 'input'] as const) {
      for (const [name, definition] of this.#faces[face]) schemas[renamed(name, face)] = write(withoutId(definition), face);
    }
    return { schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => a.localeCompare(b))), write };
  }

  #keep(name: string, definition: Json, face: Face): void {
    const known = this.#faces[face].get(name);
    if (known !== undefined && !isDeepStrictEqual(withoutId(known), withoutId(definition))) throw new CorrenteError('internal', `Two schemas are called ${name}.`);
    this.#faces[face].set(name, definition);
  }

  /** Names whose two faces differ, or lead to one that does. */
  #differing(): Set<string> {
    const { input, output } = this.#faces;
    const both = [...input.keys()].filter((name) => output.has(name));
    const differ = new Set(both.filter((name) => !isDeepStrictEqual(withoutId(input.get(name)!), withoutId(output.get(name)!))));
    for (let before = -1; before !== differ.size; ) {
      before = differ.size;
      for (const name of both) if (referencesOf(input.get(name)).some((other) => differ.has(other))) differ.add(name);
    }
    return differ;
  }
}

function withoutId(schema: Json): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'id' && key !== '$schema'));
}

function referencesOf(value: unknown): string[] {
  const found: string[] = [];
  mapReferences(value, (name) => {
    found.push(name);
    return name;
  });
  return found;
}

function mapReferences(value: unknown, write: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapReferences(item, write));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === '$ref' && typeof item === 'string' && item.startsWith(here) ? write(item.slice(here.length)) : mapReferences(item, write)]),
  );
}
