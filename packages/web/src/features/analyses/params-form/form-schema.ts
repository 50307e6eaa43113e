/** The catalogue's JSON Schema (draft 2020-12, as zod writes it) in the narrower form that a form can be drawn from. */
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { applies, hintsFor, type FormHints, type Params } from './hints/form-hints.ts';

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

/** How each property is to be drawn where its type alone does not say; what does not apply is hidden. */
export function uiSchemaOf(schema: RJSFSchema, hints: FormHints = hintsFor(null), params: Params = {}, prefix = ''): UiSchema {
  const ui: UiSchema = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!isJson(property)) continue;
    const inner = property as RJSFSchema;
    const path = prefix + name;
    const series = hints.series[path];
    const type = Array.isArray(inner.type) ? inner.type.find((one) => one !== 'null') : inner.type;
    if (!applies(hints, path, params)) ui[name] = { 'ui:widget': 'hidden' };
    else if (series !== undefined) ui[name] = { 'ui:field': series, 'ui:fieldReplacesAnyOrOneOf': true, ...(hints.help[path] === undefined ? {} : { 'ui:description': hints.help[path] }) };
    else if (type === 'object') ui[name] = uiSchemaOf(inner, hints, params, `${path}.`);
    else if (type === 'boolean' && Array.isArray(inner.type)) ui[name] = { 'ui:widget': 'select' };
    else if (type === 'array') ui[name] = { 'ui:widget': isJson(inner.items) && Array.isArray(inner.items['enum']) ? 'checkboxes' : 'list' };
    else if (hints.choices[path] !== undefined) ui[name] = { 'ui:options': { choices: hints.choices[path], help: hints.help[path] } };
  }
  return ui;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
