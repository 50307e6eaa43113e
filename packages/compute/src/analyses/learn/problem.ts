/** What is learnt from a frame: samples, classes and folds; whatever stands against it is said before anything is trained. */
import { holdsOut, learnChoice, type LearnChoice, type LearnParams } from '@corrente/shared/contract/analyses/learn';
import { type Feature, featuresOf, otherSeries } from '@corrente/shared/contract/analyses/learn/features';
import { some } from '@corrente/shared/contract/closest';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Frame } from '../../frame/frame.ts';
import { refuseCalendar } from '../../learning/calendar.ts';
import { type Fold, holdOut, type Span, walkForward } from '../../learning/folds.ts';
import { collectSamples, firstSampleAt, type Samples, seriesNamed } from '../../learning/samples.ts';
import type { Range, TrainingRows } from '../../learning/training-rows.ts';

export interface LearnProblem {
  readonly choice: LearnChoice;
  readonly features: readonly Feature[];
  /** Labels of a classification are places in `classes`. */
  readonly samples: Samples;
  /** The values that are classes, ascending; none for regression. */
  readonly classes: Float64Array;
  readonly folds: readonly Fold[];
  /** All rows that have samples. */
  readonly span: Span;
  /** Rows between those that are trained on and those that test. */
  readonly gap: number;
}

/** Values that a target of kind class may have. */
const mostClasses = 50;
/** Samples of the smallest training. */
const leastSamples = 5;

/**
 * Throws `unknown-series`, `too-few-samples`, `constant-series`, `class-too-small`, `transform-domain`, or
 * `invalid-params` for a target of too many classes, and for a calendar of data without time.
 */
export function learnProblem(params: LearnParams, frame: Frame): LearnProblem {
  const choice = learnChoice(params);
  const { target, folds: wanted } = params;
  if (target.series !== null) seriesNamed(frame, target.series);
  for (const name of otherSeries(params.features, target.series, frame.names)) seriesNamed(frame, name);
  refuseCalendar(frame, params.features.calendar);
  const features = featuresOf(params.features, target.series, frame.names);
  const warmUp = features.reduce((most, feature) => Math.max(most, feature.warmUp), 0);
  const found = collectSamples(frame, { kind: choice.kind, ahead: target.ahead, series: target.series, warmUp, unlabelled: false });
  const count = found.row.length;
  if (count === 0) {
    throw new CorrenteError('too-few-samples', `No row of ${frame.length} has all features and a target: features need ${warmUp} rows before, and the target stands ${target.ahead} rows later.`, { places: [{ pointer: '/params/features', detail: `need ${warmUp} rows before` }] });
  }
  const span = { from: found.row[0] ?? 0, to: (found.row[count - 1] ?? 0) + 1 };
  const gap = target.ahead + wanted.embargo;
  const classes = choice.task === 'classification' ? classesOf(found.label) : new Float64Array(0);
  const samples = choice.task === 'classification' ? { ...found, label: found.label.map((value) => classes.indexOf(value)) } : found;
  refuseConstant(samples, { from: 0, to: count }, choice, frame, 'All rows');
  if (choice.task === 'classification') refuseSmallClass(samples, { from: 0, to: count }, classes, 2, 'All rows');
  const problem = { choice, features, samples, classes, folds: walkForward(span, wanted, target.ahead), span, gap };
  for (const [k, { train, test }] of problem.folds.entries()) {
    const tested = rangeOfSpan(samples, test);
    if (tested.to === tested.from) throw tooFew(`Fold ${k + 1} has no row to test: no series has a value there`);
    checkTraining(params, problem, train, frame, `The training rows of fold ${k + 1}`);
  }
  checkTraining(params, problem, span, frame, 'All rows');
  return problem;
}

function classesOf(labels: Float64Array): Float64Array {
  const found = new Set<number>();
  for (const value of labels) {
    found.add(value);
    if (found.size > mostClasses) throw new CorrenteError('invalid-params', `The target is of kind class and has more than ${mostClasses} different values, such as ${some([...found].map(String), 5)}; each would be a class.`, { places: [{ pointer: '/params/target/kind', detail: `is class, and there are more than ${mostClasses} values` }] });
  }
  return Float64Array.from(found).sort();
}

/** The samples of some rows. */
export function rangeOfSpan(samples: Samples, { from, to }: Span): Range {
  return { from: firstSampleAt(samples, from), to: firstSampleAt(samples, to) };
}

/** The parts of a training that choose; all of it where nothing is held out. */
export function partsOf(params: LearnParams, { samples, gap }: Pick<LearnProblem, 'samples' | 'gap'>, train: Span): TrainingRows['parts'] {
  if (!holdsOut(params)) return { fit: rangeOfSpan(samples, train), heldOut: rangeOfSpan(samples, train) };
  const { fit, heldOut } = holdOut(train, params.heldOut, gap);
  return { fit: rangeOfSpan(samples, fit), heldOut: rangeOfSpan(samples, heldOut) };
}

function checkTraining(params: LearnParams, problem: LearnProblem, train: Span, frame: Frame, what: string): void {
  const { samples, choice, classes } = problem;
  const { fit, heldOut } = partsOf(params, problem, train);
  if (fit.to - fit.from < leastSamples || heldOut.to === heldOut.from) throw tooFew(`${what} hold ${fit.to - fit.from} samples to fit a model to${holdsOut(params) ? ` and ${heldOut.to - heldOut.from} held out` : ''}; expected at least ${leastSamples}${holdsOut(params) ? ' and 1' : ''}`);
  const half = holdsOut(params) ? `${what}, but for those held out,` : what;
  refuseConstant(samples, fit, choice, frame, half);
  if (choice.task === 'regression') return;
  refuseSmallClass(samples, fit, classes, 2, half);
  if (params.calibration !== 'none') refuseSmallClass(samples, heldOut, classes, 1, `${what} that are held out`);
}

function tooFew(sentence: string): CorrenteError {
  return new CorrenteError('too-few-samples', `${sentence}.`, { places: [{ pointer: '/params/folds', detail: 'leave too few rows' }] });
}

function refuseConstant({ label, series }: Samples, { from, to }: Range, { kind }: LearnChoice, { names }: Frame, what: string): void {
  const first = label[from];
  for (let i = from; i < to; i++) if (label[i] !== first) return;
  const of = new Set(series.subarray(from, to));
  throw new CorrenteError('constant-series', `${what} have one target, the ${kind} of ${some([...of].map((s) => names[s] ?? ''))}, which does not vary: there is nothing to learn.`, { places: [{ pointer: '/params/target', detail: 'does not vary' }] });
}

function refuseSmallClass({ label }: Samples, { from, to }: Range, classes: Float64Array, least: number, what: string): void {
  const counts = new Int32Array(classes.length);
  for (let i = from; i < to; i++) counts[label[i] ?? 0]! += 1;
  const small = Array.from(classes, (value, k) => ({ value, count: counts[k] ?? 0 })).filter(({ count }) => count < least);
  if (small.length === 0) return;
  throw new CorrenteError('class-too-small', `${what} hold ${some(small.map(({ value, count }) => `${count === 0 ? 'no member' : `${count} member${count === 1 ? '' : 's'}`} of class ${value}`))}; expected at least ${least} of each of the classes ${some(Array.from(classes, String), 20)}.`, {
    places: [{ pointer: '/params/target', detail: `has classes with fewer than ${least} members` }],
  });
}
