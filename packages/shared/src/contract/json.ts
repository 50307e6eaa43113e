/** What can be kept as JSON. A number that is not finite becomes null where it is written. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
