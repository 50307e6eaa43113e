/** The catalogue's JSON Schema (draft 2020-12, as zod writes it) in the narrower form that a form can be drawn from. */
import type { RJSFSchema, UiSchema } from '@rjsf/utils';

type Json = Readonly<Record<string, unknown>>;

/** References are put in place, and "an integer or null" becomes one optional integer rather than a choice of two. */
export function formSchema(schema: Json): RJSFSchema {
  return inlined(schema, definitionsOf(schema)) as RJSFSchema;
}

function definitionsOf(schema: Json): Json {
  return isJson(schema['$defs']) ? schema['$defs'] : {};
}

function inlined(value: unknown, definitions: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => inlined(item, definitions));
  if (!isJson(value)) return value;
  const { $ref, $defs: _definitions, $schema: _dialect, ...rest } = value;
  const target = typeof $ref === 'string' ? definitions[$ref.replace('#/$defs/', '')] : undefined;
  const whole: Json = isJson(target) ? { ...target, ...rest } : rest;
  const plain = Object.fromEntries(Object.entries(whole).map(([key, inner]) => [key, key === 'default' || key === 'enum' ? inner : inlined(inner, definitions)]));
  return optional(plain);
}

function optional(schema: Json): Json {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const value: unknown = anyOf.find((option) => isJson(option) && option['type'] !== 'null');
  const hasNull = anyOf.some((option) => isJson(option) && option['type'] === 'null');
  if (!hasNull || !isJson(value) || typeof value['type'] !== 'string') return schema;
  const { enum: choices, ...others } = value;
  return { ...others, ...(Array.isArray(choices) ? { enum: choices } : {}), ...rest, type: [value['type'], 'null'] };
}

/** How each property is to be drawn where its type alone does not say. */
export function uiSchemaOf(schema: RJSFSchema): UiSchema {
  const ui: UiSchema = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!isJson(property)) continue;
    const inner = property as RJSFSchema;
    const type = Array.isArray(inner.type) ? inner.type.find((one) => one !== 'null') : inner.type;
    if (type === 'object') ui[name] = uiSchemaOf(inner);
    else if (type === 'array') ui[name] = { 'ui:widget': isJson(inner.items) && Array.isArray(inner.items['enum']) ? 'checkboxes' : 'list' };
  }
  return ui;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
