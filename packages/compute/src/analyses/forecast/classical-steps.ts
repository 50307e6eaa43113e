/** Classical models: groups of series fitted and run over the rows that follow, each group a step. */
import { encodedArray, type ModelDocument } from '@corrente/shared/contract/model-file';
import { classicalFit, type ForecastParams, isClassical, residualBytes } from '@corrente/shared/contract/analyses/forecast';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace } from '@corrente/shared/portable/pace';
import { z } from 'zod';
import { classicalForecasts, type ClassicalFit, fitClassical, forecastInTurns } from '../../forecasting/classical/classical.ts';
import type { Turn } from '../../forecasting/classical/minimise.ts';
import { conformalWidths, thinned } from '../../forecasting/conformal.ts';
import { forecastColumns } from '../../forecasting/rows.ts';
import { fitScaler } from '../../forecasting/scaler.ts';
import { addedSeries, Scorer, scores, type Scores } from '../../forecasting/scores.ts';
import { type Fold, foldsOf, originsIn } from '../../forecasting/split.ts';
import type { Frame } from '../../frame/frame.ts';
import { emitModel } from '../model-table.ts';
import { groupTitle, seriesOf } from '../series-group.ts';
import type { JsonValue, PlanInput, Step, StepContext } from '../analysis.ts';
import { backtestOrigins } from './backtests.ts';
import { fitColumns } from './fit-columns.ts';
import { emitScores } from './emit-scores.ts';
import { subjectOf } from './validate.ts';

/** Values of one group: small fits are taken together. */
const groupValues = 250_000;

/** What a group's step returns: by fold the scores, by series the last fold's model with its widths. */
const groupResult = z.object({ scores: z.array(scores), fits: z.array(classicalFit), widths: z.array(z.array(z.number().nullable())) });
type GroupResult = z.infer<typeof groupResult>;

export function classicalSteps(input: PlanInput<ForecastParams>): Step[] {
  const { params, frame, stored } = input;
  const { targets } = subjectOf(params, frame);
  const folds = foldsOf(params, frame);
  const perGroup = params.model === 'ets' ? 1 : Math.max(1, Math.floor(groupValues / frame.length));
  const groups = Array.from({ length: Math.ceil(targets.length / perGroup) }, (_, k) => targets.slice(k * perGroup, (k + 1) * perGroup));
  const results = new Map<number, GroupResult>();
  const names = (group: readonly number[]): string[] => group.map((series) => frame.names[series] ?? '');
  const resultOf = (k: number): GroupResult => results.get(k) ?? groupResult.parse(stored.get(k));
  return [
    ...groups.map((group, k): Step => ({
      title: groupTitle(names(group)),
      work: group.length,
      independent: true,
      async run(context) {
        const result = await forecastGroup(input, folds, group, context);
        results.set(k, result);
        return resultToJson(result);
      },
    })),
    {
      title: 'metrics',
      work: 0.1,
      run(context) {
        const all = groups.map((_, k) => resultOf(k));
        const byFold = folds.map((_, fold) => all.map(({ scores: each }) => each[fold]).filter((each) => each !== undefined).reduce(addedSeries));
        emitScores(context, { params, names: names(targets), folds }, byFold);
        emitModel(context, document(params, frame, names(targets), all));
        return Promise.resolve();
      },
    },
  ];
}

async function forecastGroup(input: PlanInput<ForecastParams>, folds: readonly Fold[], group: readonly number[], context: StepContext): Promise<GroupResult> {
  const { params, frame } = input;
  const pace = new Pace('forecast', group.length * folds.length, { signal: context.signal, onProgress: (fraction) => context.progress(fraction) });
  const perSeries: SeriesResult[] = [];
  for (const series of group) perSeries.push(await forecastSeries(input, folds, series, pace, context));
  for (const [fold, { fits }] of byFold(perSeries, folds.length).entries()) context.emit('fits', fitColumns(fold, group.map((series) => frame.names[series] ?? ''), fits));
  const last = perSeries.map(({ fits, widths }) => ({ fit: fits.at(-1), width: widths.at(-1) }));
  return {
    scores: folds.map((_, fold) => perSeries.map((each) => each.scores[fold]).filter((each) => each !== undefined).reduce(addedSeries)),
    fits: last.flatMap(({ fit }) => (fit === undefined ? [] : [fit])),
    widths: last.map(({ width }) => Array.from(width ?? new Float64Array(params.horizon).fill(Number.NaN))),
  };
}

interface SeriesResult {
  readonly scores: readonly Scores[];
  readonly fits: readonly ClassicalFit[];
  readonly widths: readonly Float64Array[];
}

const byFold = (results: readonly SeriesResult[], folds: number): Array<{ fits: ClassicalFit[] }> => Array.from({ length: folds }, (_, fold) => ({ fits: results.flatMap(({ fits }) => fits.slice(fold, fold + 1)) }));

/** One series over all folds; its rows of the table `forecast` are emitted. */
async function forecastSeries({ params, frame }: PlanInput<ForecastParams>, folds: readonly Fold[], series: number, pace: Pace, context: StepContext): Promise<SeriesResult> {
  const { model, horizon, season, form } = params;
  if (!isClassical(model)) throw new CorrenteError('internal', `${model} is trained, not fitted.`);
  const name = frame.names[series] ?? '';
  const columns = seriesOf(frame, series, series + 1);
  const backtests = backtestOrigins(folds, horizon, params.backtests);
  const turn = async (): Promise<void> => {
    if (pace.due) await pace.turn();
  };
  const found = { scores: [] as Scores[], fits: [] as ClassicalFit[], widths: [] as Float64Array[] };
  for (const [k, fold] of folds.entries()) {
    const scaler = fitScaler(frame, frame.names, [series], fold.train);
    const train = columns.values.slice(0, fold.train.to);
    const fit = await fitClassical(train, { model, season, form, name }, frame, turn);
    const widths = await widthsOf(fit, columns.values, fold, params, turn, context);
    const scorer = new Scorer(columns, 1, horizon, scaler.deviation, widths);
    await forecastInTurns(fit, columns.values, originsIn(fold.test, horizon), horizon, turn, (origins, forecasts) => scorer.add(origins, forecasts));
    found.scores.push(scorer.scores());
    found.fits.push(fit);
    found.widths.push(widths);
    const shown = Int32Array.from([...(backtests[k] ?? []), ...(k === folds.length - 1 ? [frame.length] : [])]);
    context.emit('forecast', forecastColumns(frame, { series: [name], horizon, origins: shown, values: classicalForecasts(fit, columns.values, shown, horizon), widths }));
    pace.count(1);
    await turn();
  }
  return found;
}

async function widthsOf(fit: ClassicalFit, values: Float64Array, fold: Fold, { horizon, coverage }: ForecastParams, turn: Turn, { signal }: StepContext): Promise<Float64Array> {
  const origins = thinned(originsIn(fold.validation, horizon), residualBytes / (8 * horizon));
  const residuals = new Float64Array(origins.length * horizon);
  await forecastInTurns(fit, values, origins, horizon, turn, (some, forecasts, first) => {
    for (const [k, origin] of some.entries()) for (let h = 0; h < horizon; h++) residuals[h * origins.length + first + k] = Math.abs(values[origin + h]! - forecasts[k * horizon + h]!);
  });
  return conformalWidths(residuals, horizon, coverage, { signal });
}

/** A fit as JSON: its arrays as lists. */
function fitToJson(fit: ClassicalFit): JsonValue {
  if (fit.model === 'ets') return { model: fit.model, fit: { ...fit.fit, parameters: { ...fit.fit.parameters, season: [...fit.fit.parameters.season] } } };
  if (fit.model === 'theta') return { model: fit.model, fit: { ...fit.fit, indices: [...fit.fit.indices] } };
  return fit;
}

function resultToJson({ scores: each, fits, widths }: GroupResult): JsonValue {
  return { scores: each, fits: fits.map(fitToJson), widths };
}

function document({ model, horizon, coverage }: ForecastParams, frame: Frame, series: readonly string[], groups: readonly GroupResult[]): ModelDocument {
  return {
    format: 'corrente-model',
    version: 1,
    analysis: 'forecast',
    kind: 'classical',
    model,
    horizon,
    series,
    coverage,
    widths: encodedArray(Float64Array.from(groups.flatMap(({ widths }) => widths.flat()), (width) => width ?? Number.NaN)),
    fits: groups.flatMap(({ fits }) => fits.map(fitToJson)),
    first: String(frame.time[0] ?? 0n),
  };
}

