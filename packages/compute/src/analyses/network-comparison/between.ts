/** Two groups of subjects: each is estimated once, and subjects change groups. */
import type { NetworkComparisonParams } from '@corrente/shared/contract/analyses/network-comparison';
import type { RandomStream } from '../../engine/contract.ts';
import { drawnExchange, everyExchange, type Exchange, possibleExchanges } from './exchanges.ts';

/** The difference of the means of the groups under each exchange: every one there is, where they are not more than wanted. */
export function exchangedDifferences({ dependence, permutations }: NetworkComparisonParams, first: readonly number[], second: readonly number[], stream: RandomStream): Float64Array {
  const sides = { first: first.length, second: second.length };
  const all = [...first, ...second];
  const difference = (exchange: Exchange): number => meanOf(exchange.subarray(0, sides.first), all) - meanOf(exchange.subarray(sides.first), all);
  if (possibleExchanges(dependence, sides, permutations) <= permutations) return Float64Array.from(everyExchange(dependence, sides), difference);
  return Float64Array.from({ length: permutations }, (_, draw) => difference(drawnExchange(dependence, sides, stream, draw)));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOf(members: Exchange, values: readonly number[]): number {
  let sum = 0;
  for (const member of members) sum += values[member] ?? Number.NaN;
  return sum / members.length;
}
