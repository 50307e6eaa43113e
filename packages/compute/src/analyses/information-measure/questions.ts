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

/** Questions that share a target, and so a step. They are made when they are wanted: all pairs of thousands of series are many. */
export interface QuestionGroup {
  readonly target: readonly number[];
  readonly count: number;
  questions(): readonly Question[];
}

/** The groups in the order of the result: targets as in the frame or in the list. */
export function groupsOf(params: InformationMeasureParams, series: readonly string[]): QuestionGroup[] {
  const { source, target, conditional } = sidesOf(params, series);
  const every = series.map((_, place) => place);
  if (isGroup(params.measure)) return [groupOf([{ source: [], target: target ?? source ?? every, conditional: [] }])];
  if (!isRelation(params.measure)) {
    const together = target ?? source;
    return (together === null ? every.map((place) => [place]) : [together]).map((of) => groupOf([{ source: [], target: of, conditional: [] }]));
  }
  if (Array.isArray(params.pairs)) return listedPairs(params.pairs, series, conditional);
  if (everyPair(params)) return everyGroup(params, source ?? every, target ?? every, conditional);
  if (source !== null && target !== null) return [groupOf([{ source, target, conditional }])];
  if (source !== null) return without(every, [...source, ...conditional]).map((place) => groupOf([{ source, target: [place], conditional }]));
  const to = target ?? [];
  return [groupOf(without(every, [...to, ...conditional]).map((place) => ({ source: [place], target: to, conditional })))].filter(({ count }) => count > 0);
}

/** Every series that takes part, in the order of the frame. */
export function seriesOf(params: InformationMeasureParams, groups: readonly QuestionGroup[], series: readonly string[]): Set<number> {
  const used = new Set<number>();
  if (everyPair(params)) {
    const { source, target, conditional } = sidesOf(params, series);
    const every = series.map((_, place) => place);
    for (const place of [...(source ?? every), ...(target ?? every), ...conditional]) used.add(place);
  } else {
    for (const group of groups) for (const question of group.questions()) for (const place of [...question.source, ...question.target, ...question.conditional]) used.add(place);
  }
  return new Set([...used].sort((a, b) => a - b));
}

interface Sides {
  readonly source: readonly number[] | null;
  readonly target: readonly number[] | null;
  readonly conditional: readonly number[];
}

function sidesOf(params: InformationMeasureParams, series: readonly string[]): Sides {
  const under = (name: 'source' | 'target' | 'conditional'): number[] | null => {
    const names = listOf(params[name]);
    return names === null ? null : placesOfNames(names, series, `/params/${name}`);
  };
  return { source: under('source'), target: under('target'), conditional: under('conditional') ?? [] };
}

function groupOf(questions: readonly Question[]): QuestionGroup {
  return { target: questions[0]?.target ?? [], count: questions.length, questions: () => questions };
}

/** Every pair of a source and a target that are not the same, none of them being known already. */
function everyGroup(params: InformationMeasureParams, sources: readonly number[], targets: readonly number[], conditional: readonly number[]): QuestionGroup[] {
  const unordered = isUnordered(params);
  const from = without(sources, conditional);
  return without(targets, conditional)
    .map((to) => {
      const of = from.filter((place) => (unordered ? place < to : place !== to));
      return { target: [to], count: of.length, questions: () => of.map((place) => ({ source: [place], target: [to], conditional })) };
    })
    .filter(({ count }) => count > 0);
}

const without = (places: readonly number[], others: readonly number[]): number[] => places.filter((place) => !others.includes(place));

function listedPairs(pairs: ReadonlyArray<readonly [string, string]>, series: readonly string[], conditional: readonly number[]): QuestionGroup[] {
  const groups = new Map<number, Question[]>();
  for (const [i, pair] of pairs.entries()) {
    const [from = 0, to = 0] = placesOfNames(pair, series, `/params/pairs/${i}`);
    groups.set(to, [...(groups.get(to) ?? []), { source: [from], target: [to], conditional }]);
  }
  return [...groups.values()].map(groupOf);
}
