/** What is asked: of which series, given which, in the order of the result. */
import { everyPair, type InformationMeasureParams, isGroup, isRelation, isUnordered, listOf } from '@corrente/shared/contract/analyses/information-measure';
import { CorrenteError } from '@corrente/shared/contract/errors';

/** Series by their place in the frame; several in one list are taken together. */
export interface Question {
  /** Empty for measures of one process or of a group. */
  readonly source: readonly number[];
  readonly target: readonly number[];
  readonly conditional: readonly number[];
}

/** Places of the named series; `unknown-series` with a pointer to each name there is no series of. */
export function placesOfNames(names: readonly string[], series: readonly string[], pointer: string): number[] {
  const unknown = names.filter((name) => !series.includes(name));
  if (unknown.length > 0) {
    throw new CorrenteError('unknown-series', `${pointer.slice('/params/'.length)} names ${unknown.join(', ')}; the selection has ${series.join(', ')}.`, {
      places: unknown.map((name) => ({ pointer, detail: `there is no series ${name} in the selection` })),
    });
  }
  return names.map((name) => series.indexOf(name));
}

/** Questions that share a target, and so a step: targets in the order of the frame or of the list. */
export function questionsOf(params: InformationMeasureParams, series: readonly string[]): Question[][] {
  const placesUnder = (name: 'source' | 'target' | 'conditional'): number[] | null => {
    const names = listOf(params[name]);
    return names === null ? null : placesOfNames(names, series, `/params/${name}`);
  };
  const [source, target, conditional] = [placesUnder('source'), placesUnder('target'), placesUnder('conditional') ?? []];
  const every = series.map((_, place) => place);
  if (isGroup(params.measure)) return [[{ source: [], target: target ?? source ?? every, conditional: [] }]];
  if (!isRelation(params.measure)) {
    const together = target ?? source;
    return (together === null ? every.map((place) => [place]) : [together]).map((of) => [{ source: [], target: of, conditional: [] }]);
  }
  if (Array.isArray(params.pairs)) return listedPairs(params.pairs, series, conditional);
  if (!everyPair(params) && source !== null && target !== null) return [[{ source, target, conditional }]];
  if (!everyPair(params) && source !== null) return without(every, [...source, ...conditional]).map((place) => [{ source, target: [place], conditional }]);
  if (!everyPair(params) && target !== null) return [without(every, [...target, ...conditional]).map((place) => ({ source: [place], target, conditional }))];
  const unordered = isUnordered(params);
  return without(target ?? every, conditional)
    .map((to) => without(source ?? every, [to, ...conditional]).filter((from) => !unordered || from < to).map((from) => ({ source: [from], target: [to], conditional })))
    .filter((group) => group.length > 0);
}

const without = (places: readonly number[], others: readonly number[]): number[] => places.filter((place) => !others.includes(place));

function listedPairs(pairs: ReadonlyArray<readonly [string, string]>, series: readonly string[], conditional: readonly number[]): Question[][] {
  const groups = new Map<number, Question[]>();
  for (const [i, pair] of pairs.entries()) {
    const [from = 0, to = 0] = placesOfNames(pair, series, `/params/pairs/${i}`);
    groups.set(to, [...(groups.get(to) ?? []), { source: [from], target: [to], conditional }]);
  }
  return [...groups.values()];
}

/** Every series that the questions name, in the order of the frame. */
export function seriesOf(questions: readonly Question[]): Set<number> {
  const used = new Set<number>();
  for (const { source, target, conditional } of questions) for (const place of [...source, ...target, ...conditional]) used.add(place);
  return new Set([...used].sort((a, b) => a - b));
}
