import type { JsonValue } from '@corrente/shared/contract/json';

/** What came as JSON or can be written as such, as a JsonValue. */
export function jsonOf(value: unknown): JsonValue {
  const parsed: JsonValue = JSON.parse(JSON.stringify(value) ?? 'null');
  return parsed;
}
