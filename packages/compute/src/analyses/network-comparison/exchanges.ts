/**
 * Under the hypothesis that the sides do not differ, their members (subjects, trials, realisations) may change sides:
 * independent ones in any way that keeps the sizes, dependent ones with their partners only. The members of the first
 * side are 0 … first − 1, those of the second follow.
 */
import { permutation, randomWords, type RandomStream } from '@corrente/shared/portable/random';

export type Dependence = 'independent' | 'dependent';

export interface Sides {
  readonly first: number;
  readonly second: number;
}

/** The members of both sides after an exchange: of the first side, then of the second. */
export type Exchange = Int32Array;

/** How many exchanges there are, counted up to somewhat more than `enough`. */
export function possibleExchanges(dependence: Dependence, { first, second }: Sides, enough: number): number {
  let count = 1;
  if (dependence === 'dependent') {
    for (let i = 0; i < first && count <= enough; i += 1) count *= 2;
    return count;
  }
  // The binomials (second + i choose i) are whole, and grow.
  for (let i = 1; i <= first && count <= enough; i += 1) count = (count * (second + i)) / i;
  return count;
}

/** Draw `draw` of the stream. */
export function drawnExchange(dependence: Dependence, { first, second }: Sides, stream: RandomStream, draw: number): Exchange {
  if (dependence === 'independent') return permutation(stream, draw, first + second);
  const words = randomWords(stream, draw);
  return swapped(first, () => words.next().value >>> 31 === 1);
}

/** Every exchange there is, the one that changes nothing first. */
export function* everyExchange(dependence: Dependence, { first, second }: Sides): Generator<Exchange> {
  if (dependence === 'dependent') {
    for (let mask = 0; mask < 2 ** first; mask += 1) yield swapped(first, (i) => Math.floor(mask / 2 ** i) % 2 === 1);
    return;
  }
  for (const chosen of combinations(first + second, first)) {
    const rest = Array.from({ length: first + second }, (_, i) => i).filter((i) => !chosen.includes(i));
    yield Int32Array.from([...chosen, ...rest]);
  }
}

function swapped(pairs: number, exchanged: (pair: number) => boolean): Exchange {
  const order = new Int32Array(2 * pairs);
  for (let i = 0; i < pairs; i += 1) {
    const change = exchanged(i);
    order[i] = change ? pairs + i : i;
    order[pairs + i] = change ? i : pairs + i;
  }
  return order;
}

/** Every choice of `size` of 0 … count − 1, ascending, in lexicographic order. */
function* combinations(count: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let first = from; first <= count - size; first += 1) for (const rest of combinations(count, size - 1, first + 1)) yield [first, ...rest];
}

/** Differences below this share of the estimates are those of rounding. */
const alike = 1e-12;

/**
 * The share of exchanges whose difference reaches that of the sides, at least one of them; for two tails the smaller
 * of the shares at either end. What could not be estimated counts as reached.
 */
export function exchangeP(difference: number, exchanged: Float64Array, tails: 'two' | 'one'): number {
  if (Number.isNaN(difference)) return 1;
  const slack = alike * (1 + Math.abs(difference));
  let [above, below] = [0, 0];
  for (const value of exchanged) {
    if (!(value < difference - slack)) above += 1;
    if (!(value > difference + slack)) below += 1;
  }
  return Math.max(1, tails === 'two' ? Math.min(above, below) : above) / exchanged.length;
}
