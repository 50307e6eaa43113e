/** What is refused before any work, with the figure that does not fit. */
import { largestProgramme, mostSources, type PartialInformationParams } from '@corrente/shared/contract/analyses/partial-information';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Frame } from '../../frame/frame.ts';
import { programmeSize } from '../../information/partial/coupling-programme.ts';
import { permutesTrials, surrogateSizes } from '../../information/surrogates.ts';
import { isBinned, partialStates, type PartialVariables, variablesOf, wordsOf } from './variables.ts';

export function check(params: PartialInformationParams, frame: Frame): void {
  if (frame.names.length < 2 && params.sources === null) throw new CorrenteError('too-few-series', `There is ${frame.names.length} series; a target and a source are needed.`);
  const variables = variablesOf(params, frame.names);
  checkSources(params, frame, variables);
  checkPermutations(params);
  for (const series of new Set([variables.target, ...variables.sources].map((variable) => variable.series))) checkValues(params, frame, series);
  const { target, sources, span } = partialStates(params, frame, variables);
  if (params.permutations > 0 && !permutesTrials(params.surrogates, span, params.permutations)) surrogateSizes(params.surrogates, span.perTrial);
  const [x, y] = sources;
  if (params.method !== 'broja' || x === undefined || y === undefined) return;
  const size = programmeSize(target, x, y);
  if (size.margins <= largestProgramme.margins && size.variables <= largestProgramme.variables) return;
  throw refused(
    'bins',
    `With ${target.count} values of the target, ${x.count} and ${y.count} of the sources broja has ${size.variables.toLocaleString('en')} unknowns under ${size.margins.toLocaleString('en')} conditions; at most ${largestProgramme.variables.toLocaleString('en')} and ${largestProgramme.margins.toLocaleString('en')} are solved`,
    'must be fewer, or method sxpid',
  );
}

function refused(name: string, sentence: string, detail: string): CorrenteError {
  return new CorrenteError('invalid-params', `${sentence}.`, { places: [{ pointer: `/params/${name}`, detail }] });
}

function checkSources({ method }: PartialInformationParams, { names }: Frame, { target, sources }: PartialVariables): void {
  if (method === 'broja' && sources.length !== 2) throw refused('sources', `broja is of two sources; there are ${sources.length}`, 'must name two, or method sxpid');
  if (sources.length > mostSources) throw refused('sources', `sxpid is of up to ${mostSources} sources; there are ${sources.length}`, `must name at most ${mostSources}`);
  for (const [i, source] of sources.entries()) {
    const like = [target, ...sources.slice(0, i)].find(({ series, lag }) => series === source.series && lag === source.lag);
    if (like === target) throw refused(`sources/${i}`, `The present of the target "${names[target.series]}" is among its own sources`, 'must be another series, or the target with a lag');
    if (like !== undefined) throw refused(`sources/${i}`, `${wordsOf(source, names)} stands twice among the sources`, 'must be another variable');
  }
}

function checkPermutations({ permutations, alpha }: PartialInformationParams): void {
  if (alpha === null) return;
  if (permutations === 0) throw refused('alpha', 'A significance level is given, and no p is computed', 'must be null, or permutations at least 1');
  if (1 / permutations < alpha) return;
  const least = Math.floor(1 / alpha) + 1;
  throw new CorrenteError('too-few-permutations', `${permutations} permutations give p of at least ${1 / permutations}; alpha is ${alpha}, and needs at least ${least}.`, { places: [{ pointer: '/params/permutations', detail: `must be at least ${least}` }] });
}

function checkValues(params: PartialInformationParams, frame: Frame, series: number): void {
  const values = frame.values.subarray(series * frame.stride, series * frame.stride + frame.length);
  const missing = values.findIndex((value) => Number.isNaN(value));
  if (missing >= 0) throw new CorrenteError('missing-values', `${frame.names[series]} has ${frame.length - (frame.present[series] ?? 0)} missing of ${frame.length} values, the first in row ${missing}; every realisation needs every variable.`);
  const broken = isBinned(params) ? -1 : values.findIndex((value) => !Number.isInteger(value));
  if (broken >= 0) throw new CorrenteError('not-discrete', `${frame.names[series]} is ${values[broken]} in row ${broken}; partial information takes whole numbers, or bins.`, { places: [{ pointer: '/params/bins', detail: 'must be given for values that are not whole' }] });
}
