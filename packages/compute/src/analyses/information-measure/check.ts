/** What is refused before any work: parameters that do not go together, and series that an estimator cannot take. */
import { everyPair, type InformationMeasureParams, isGroup, isRelation, listOf, nullKind } from '@corrente/shared/contract/analyses/information-measure';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Frame } from '../../frame/frame.ts';
import { pastOf } from '../../information/embedding.ts';
import { longestLag, spanOf, type Variable } from '../../information/realisations.ts';
import { permutesTrials, surrogateSizes, timeOrders } from '../../information/surrogates.ts';
import { checkSeries } from './check-series.ts';
import { groupsOf, type Question, seriesOf } from './questions.ts';
import { conditionalVariables, entropyVariables } from './variables.ts';

export function check(params: InformationMeasureParams, frame: Frame): void {
  checkParams(params);
  const groups = groupsOf(params, frame.names);
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const [first] = groups[0]?.questions() ?? [];
  if (first === undefined) throw new CorrenteError('too-few-series', `${params.measure} needs a source and a target; the selection has ${frame.names.join(', ')}.`);
  if (params.local && count > 1) refuse('local', `Local values are of one pair or one process; ${count} are asked for`, 'name a source and a target');
  if (!everyPair(params)) for (const group of groups) for (const question of group.questions()) checkSides(question, params, frame);
  checkSeries(seriesOf(params, groups, frame.names), params, frame);
  checkLength(first, params, frame);
}

function refuse(name: string, sentence: string, detail: string): never {
  throw new CorrenteError('invalid-params', `${sentence}.`, { places: [{ pointer: `/params/${name}`, detail }] });
}

function checkParams(params: InformationMeasureParams): void {
  for (const side of ['source', 'target', 'conditional'] as const) {
    const names = listOf(params[side]) ?? [];
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined) refuse(side, `${side} names ${twice} twice`, 'must name each series once');
  }
  const { measure, estimator, conditional, permutations, alpha } = params;
  if (measure === 'cmi' && conditional === null) refuse('conditional', 'cmi is given no conditional', 'must name a series');
  if (measure !== 'cmi' && measure !== 'te' && conditional !== null) refuse('conditional', `${measure} takes no conditional; cmi and te do`, 'must be null');
  if (!isRelation(measure) && params.pairs !== null) refuse('pairs', `${measure} is not of pairs`, 'must be null');
  if (!isRelation(measure) && params.source !== null && params.target !== null) refuse('source', `${measure} has one side; it is given a source and a target`, 'must be null');
  if (Array.isArray(params.pairs) && (params.source !== null || params.target !== null)) refuse('pairs', 'Pairs are listed, and a source or target is given besides', 'must be all where source or target is given');
  if (params.output !== 'pairs' && !(isRelation(measure) && !Array.isArray(params.pairs) && (params.pairs === 'all' || (params.source === null && params.target === null)))) refuse('output', 'A matrix is of all pairs of te, mi or cmi', 'must be pairs');
  if (params.embedding !== 'given' && measure !== 'te' && measure !== 'ais') refuse('embedding', `${measure} has no embedding to choose`, 'must be given');
  if (params.embedding === 'max-ais' && estimator === 'kernel') refuse('embedding', 'The bias of the kernel estimator is not known, so that max-ais cannot compare', 'must be given or ragwitz with kernel');
  const made = isGroup(measure) || measure === 'entropy' || measure === 'block-entropy' || measure === 'entropy-rate';
  if (made && estimator === 'kernel') refuse('estimator', `${measure} cannot be estimated by kernel`, 'must be ksg1, ksg2, gaussian, discrete or symbolic');
  if ((measure === 'entropy-rate' || measure === 'o-information' || measure === 's-information') && estimator.startsWith('ksg')) refuse('estimator', `${measure} is a difference of entropies of unlike dimensions, whose errors by ${estimator} do not cancel`, 'must be gaussian, discrete or symbolic');
  if (params.noise > 0 && estimator === 'discrete' && (params.bins === null || params.binning === 'none')) refuse('noise', 'Noise would make whole numbers other than whole', 'must be 0 for discrete values without bins');
  if (params.local && (made || params.output === 'matrix')) refuse('local', `${params.output === 'matrix' ? 'A matrix' : measure} has no local values`, 'must be false');
  if (nullKind(params) === 'permutation' && permutations === 0) refuse('permutations', 'A null distribution by permutation is asked for, and permutations is 0', 'must be at least 1');
  if (nullKind(params) === 'analytic' && (estimator.startsWith('ksg') || estimator === 'kernel')) refuse('nullDistribution', `The null distribution of ${estimator} is not known analytically`, 'must be auto or permutation');
  if (nullKind(params) === null && permutations > 0) refuse('permutations', `${measure} has no p`, 'must be 0');
  if (alpha !== null && nullKind(params) === null) refuse('alpha', 'A significance level is given, and no p is computed', 'must be null, or permutations at least 1');
  if (alpha !== null && nullKind(params) === 'permutation' && !(1 / permutations < alpha)) {
    throw new CorrenteError('too-few-permutations', `${permutations} permutations give p of at least ${1 / permutations}; alpha is ${alpha}, and needs at least ${Math.floor(1 / alpha) + 1}.`, { places: [{ pointer: '/params/permutations', detail: `must be at least ${Math.floor(1 / alpha) + 1}` }] });
  }
}

function checkSides({ source, target, conditional }: Question, { measure }: InformationMeasureParams, { names }: Frame): void {
  const sides = [...source, ...target, ...conditional];
  const twice = sides.find((place, i) => sides.indexOf(place) < i);
  if (twice !== undefined) refuse(isRelation(measure) ? 'source' : 'target', `${names[twice]} stands twice among the series of ${measure}`, 'must name each series once');
  if (isGroup(measure) && target.length < 2) throw new CorrenteError('too-few-series', `${measure} is of several series; there is ${names[target[0] ?? 0] ?? 'none'}.`);
}

/** Whether there are samples enough, by the longest lags that can come up. */
function checkLength(question: Question, params: InformationMeasureParams, frame: Frame): void {
  const longest = { history: params.maxHistory, tau: params.maxTau };
  const [source, target] = params.embedding === 'given' ? [{ history: params.sourceHistory, tau: params.sourceTau }, { history: params.targetHistory, tau: params.targetTau }] : [longest, longest];
  const variables = conditionalVariables(question, params, { source: () => source, target: () => target });
  const all: Variable[] = variables === null ? entropyVariables(question.target, params).of : [...variables.x, ...variables.y, ...variables.z];
  const patterns = params.estimator === 'symbolic' ? (params.patternOrder - 1) * params.patternTau : 0;
  const searched = params.embedding === 'given' ? [] : pastOf(0, longest);
  const span = spanOf(frame, longestLag([...all, ...searched]) + patterns);
  const needed = params.estimator.startsWith('ksg') || params.embedding === 'ragwitz' ? params.neighbours + 1 + 2 * params.theiler : 2;
  if (span.realisations < needed) {
    throw new CorrenteError('too-few-samples', `${frame.length} rows give ${span.realisations} realisations; ${params.estimator} with ${params.neighbours} neighbours${params.theiler > 0 ? ` and a Theiler window of ${params.theiler}` : ''} needs at least ${needed}.`);
  }
  if (nullKind(params) !== 'permutation') return;
  surrogateSizes(params.surrogates, span.perTrial);
  if (params.alpha === null || permutesTrials(params.surrogates, span, params.permutations)) return;
  const orders = timeOrders(params.surrogates, span.perTrial);
  if (1 / orders >= params.alpha) {
    throw new CorrenteError('too-few-samples', `${params.surrogates.method} surrogates of ${span.perTrial} samples have ${orders} orders; their smallest p is ${Number((1 / orders).toPrecision(3))}, which is not below alpha ${params.alpha}.`, {
      places: [{ pointer: '/params/surrogates/method', detail: `has ${orders} orders` }],
    });
  }
}
