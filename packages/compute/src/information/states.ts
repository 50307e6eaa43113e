/** Joint states of discrete variables, numbered densely in the order in which they first occur. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns } from '../engine/contract.ts';

export interface States {
  /** The state of each realisation, from 0. */
  readonly of: Int32Array;
  /** How many states occur. */
  readonly count: number;
  /** How many there could be: the product of the variables' alphabets. */
  readonly possible: number;
}

/** Up to this many combinations are looked up in a table, more in a hash map. */
const largestTable = 1 << 22;

/** The states of no variable: one, for every realisation. */
export const oneState = (length: number): States => ({ of: new Int32Array(length), count: 1, possible: 1 });

/**
 * The joint states of the block's variables. `alphabet` is how many values each variable can take; null counts the
 * values that occur. Throws `not-discrete` for a value that is no whole number, `invalid-params` where more values
 * occur than the alphabet has.
 */
export function statesOf(columns: Columns, alphabet: number | null): States {
  let states = oneState(columns.length);
  for (let s = 0; s < columns.series; s += 1) {
    states = join(states, statesOfColumn(columns.values.subarray(s * columns.stride, s * columns.stride + columns.length), alphabet));
  }
  return states;
}

function statesOfColumn(values: Float64Array, alphabet: number | null): States {
  const numbers = new Map<number, number>();
  const of = new Int32Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? Number.NaN;
    let state = numbers.get(value);
    if (state === undefined) {
      if (!Number.isInteger(value)) throw new CorrenteError('not-discrete', `A value is ${value}, at realisation ${i}; the discrete estimator takes whole numbers.`);
      state = numbers.size;
      numbers.set(value, state);
    }
    of[i] = state;
  }
  if (alphabet !== null && numbers.size > alphabet) throw new CorrenteError('invalid-params', `A variable takes ${numbers.size} values; base, the size of the alphabet, is ${alphabet}.`, { places: [{ pointer: '/params/base', detail: `is ${alphabet}, and ${numbers.size} values occur` }] });
  return { of, count: numbers.size, possible: alphabet ?? numbers.size };
}

/** The joint states of two, of the same realisations. */
export function join(a: States, b: States): States {
  const possible = a.possible * b.possible;
  if (a.count === 1) return { ...b, possible };
  if (b.count === 1) return { ...a, possible };
  const find = finder(a.count * b.count);
  let count = 0;
  const of = new Int32Array(a.of.length);
  for (let i = 0; i < of.length; i += 1) {
    const state = find((a.of[i] ?? 0) * b.count + (b.of[i] ?? 0), count);
    if (state === count) count += 1;
    of[i] = state;
  }
  return { of, count, possible };
}

/** Looks a key up, and gives it the number `next` where it is new. */
function finder(keys: number): (key: number, next: number) => number {
  if (keys <= largestTable) {
    const table = new Int32Array(keys);
    return (key, next) => {
      const known = table[key] ?? 0;
      if (known > 0) return known - 1;
      table[key] = next + 1;
      return next;
    };
  }
  const map = new Map<number, number>();
  return (key, next) => {
    const known = map.get(key);
    if (known !== undefined) return known;
    map.set(key, next);
    return next;
  };
}
