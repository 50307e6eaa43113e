/** Where the server's error pointers (RFC 6901) belong in the page. */
import type { ErrorSchema } from '@rjsf/utils';
import type { ErrorPlace } from '@corrente/shared/contract/errors';

export interface PlacedErrors {
  /** Errors of the parameters, in the nested form that the generated form takes. */
  readonly params: ErrorSchema;
  /** By the name of the field of the input: dataset, field, series, from, to, resample, fill, transform, results, results.a, results.b. */
  readonly input: ReadonlyMap<string, readonly string[]>;
  /** By any other top-level name: analysis, engine, precision, seed, priority, fresh. */
  readonly spec: ReadonlyMap<string, readonly string[]>;
  /** Errors without a field of their own. */
  readonly other: readonly ErrorPlace[];
}

export function placeErrors(places: readonly ErrorPlace[]): PlacedErrors {
  const params: ErrorSchema = {};
  const input = new Map<string, string[]>();
  const spec = new Map<string, string[]>();
  const other: ErrorPlace[] = [];
  for (const place of places) {
    const [first, ...rest] = segments(place.pointer);
    if (first === 'params' && rest.length > 0) addNested(params, rest, place.detail);
    else if (first === 'input' && rest[0] === 'results' && rest[1] !== undefined) add(input, `results.${rest[1]}`, itemDetail(rest.slice(2), place.detail));
    else if (first === 'input' && rest[0] !== undefined) add(input, rest[0], itemDetail(rest.slice(1), place.detail));
    else if (first !== undefined && first !== 'params' && first !== 'input') add(spec, first, place.detail);
    else other.push(place);
  }
  return { params, input, spec, other };
}

/** The unescaped segments of a JSON pointer; a URI fragment's # before it is left out. */
export function segments(pointer: string): string[] {
  return pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** An error of an item belongs to its list: the list is one field, and the item is named in the words. */
function addNested(errors: ErrorSchema, path: readonly string[], detail: string): void {
  const item = path.findIndex((part) => /^\d+$/.test(part));
  const owner = item === -1 ? path : path.slice(0, item);
  let node: ErrorSchema = errors;
  for (const name of owner) {
    const next: ErrorSchema = (node as Record<string, ErrorSchema>)[name] ?? {};
    (node as Record<string, ErrorSchema>)[name] = next;
    node = next;
  }
  node.__errors = [...(node.__errors ?? []), itemDetail(path.slice(owner.length), detail)];
}

function itemDetail(path: readonly string[], detail: string): string {
  const [item] = path;
  return item !== undefined && /^\d+$/.test(item) ? `Entry ${Number(item) + 1}: ${detail}` : detail;
}

function add(errors: Map<string, string[]>, name: string, detail: string): void {
  errors.set(name, [...(errors.get(name) ?? []), detail]);
}
