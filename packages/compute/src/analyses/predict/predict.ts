/** Prediction by the model of an earlier job: one step. */
import { forecastDocument, type ForecastDocument } from '@corrente/shared/contract/analyses/forecast';
import { predict as contract, type PredictParams, type predictParams } from '@corrente/shared/contract/analyses/predict';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Frame } from '../../frame/frame.ts';
import { forecastWith } from '../../forecasting/forecast-with.ts';
import { forecastColumns } from '../../forecasting/rows.ts';
import { learnDocument, type LearnDocument } from '../../learning/model-document.ts';
import type { Analysis, InputResult, InputResults, PartColumn, PlanInput, StepContext } from '../analysis.ts';
import { readModel, readModelDocument } from '../model-table.ts';
import { refuseTrials } from '../series-group.ts';
import { checkLearnt, predictLearnt } from './by-learnt.ts';

export const predict: Analysis<typeof predictParams> = {
  contract,
  validate,
  async plan(input) {
    const document = await modelOfResults(input.inputs);
    return { steps: [{ title: 'predictions', work: 1, run: (context) => run(input, document, context) }], close() {} };
  },
};

async function validate(params: PredictParams, frame: Frame, inputs: InputResults): Promise<void> {
  refuseTrials(frame);
  const document = await modelOfResults(inputs);
  if (document.analysis === 'learn') checkLearnt(document, params, frame);
}

/** The model of the one result that the job names; `unsuitable-result` where there are more, or where it keeps none. */
async function modelOfResults({ a, b }: InputResults): Promise<LearnDocument | ForecastDocument> {
  const [result, ...others] = a;
  if (result === undefined || others.length > 0 || b.length > 0) {
    throw new CorrenteError('unsuitable-result', `One result has the model; there are ${a.length} under a${b.length > 0 ? ` and ${b.length} under b` : ''}.`, { places: [{ pointer: '/input/results', detail: 'must be one result under a' }] });
  }
  return documentOf(result);
}

async function documentOf(result: InputResult): Promise<LearnDocument | ForecastDocument> {
  const { analysis } = await readModelDocument(result);
  if (analysis === 'learn') return readModel(result, learnDocument);
  if (analysis === 'forecast') return readModel(result, forecastDocument);
  throw new CorrenteError('unsuitable-result', `The model of ${result.job} is one of ${analysis}; expected one of ${contract.inputResults?.join(' or ')}.`);
}

async function run({ params, frame, engine, precision }: PlanInput<PredictParams>, document: LearnDocument | ForecastDocument, context: StepContext): Promise<void> {
  const options = { precision, signal: context.signal, onProgress: (fraction: number) => context.progress(fraction) };
  if (document.analysis === 'learn') {
    context.emit('predictions', await predictLearnt(document, params, frame, engine, { ...options, precision: 'f64' }));
    return;
  }
  const forecasts = await forecastWith(document, frame, { ...options, engine, log: (level, message) => context.log(level, message) });
  context.emit('predictions', inOrder(forecastColumns(frame, forecasts)));
}

/** The columns of a forecast in the order that predictions have. */
function inOrder([time, series, step, y, yhat, lower, upper, origin]: readonly PartColumn[]): PartColumn[] {
  if (time === undefined || series === undefined || step === undefined || y === undefined || yhat === undefined || lower === undefined || upper === undefined || origin === undefined) {
    throw new CorrenteError('internal', 'predict: a forecast came with fewer columns than its table has.');
  }
  const rows = step instanceof Int32Array ? step.length : 0;
  return [time, series, new Array<number | null>(rows).fill(null), y, yhat, origin, step, new Float64Array(rows).fill(Number.NaN), lower, upper];
}
