/** Parameters as the form holds them. */
export type Params = Readonly<Record<string, unknown>>;

export function isParams(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
