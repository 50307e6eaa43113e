/** Measures that are made of entropies, and the multi-information by neighbours. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns, OpOptions } from '../../engine/contract.ts';
import { type EntropyEstimator, openEntropy } from '../../information/entropy.ts';
import { dualTotalCorrelation, neighbourMultiInformation, totalCorrelation } from '../../information/interaction.ts';
import { embed, longestLag, normaliseColumns, spanOf } from '../../information/realisations.ts';
import type { StepContext } from '../analysis.ts';
import type { MeasureJob } from './job.ts';
import type { Question } from './questions.ts';
import type { ValueRow } from './rows.ts';
import { entropyVariables } from './variables.ts';

/** The row of a question about one process or a group. */
export async function entropyRow(job: MeasureJob, question: Question, context: StepContext): Promise<ValueRow> {
  const { of, less } = entropyVariables(question.target, job.input.params);
  const span = spanOf(job.prepared.columns, longestLag(of));
  const columns = embed(job.prepared.columns, of, span);
  const options = job.options(context, (fraction) => context.progress(fraction));
  const value = (await measured(job, columns, options)) - (less.length === 0 ? 0 : await entropyOf(job).of(embed(job.prepared.columns, less, span), options));
  return { question, value, n: span.realisations, p: Number.NaN, source: null, target: null };
}

function entropyOf(job: MeasureJob): EntropyEstimator {
  const entropy = openEntropy(job.input.params.estimator, job.settings);
  if (entropy === null) throw new CorrenteError('internal', `There is no entropy by ${job.input.params.estimator}.`);
  return entropy;
}

async function measured(job: MeasureJob, columns: Columns, options: OpOptions): Promise<number> {
  const { measure, estimator, neighbours, theiler, normalise } = job.input.params;
  if (measure === 'multi-information' && (estimator === 'ksg1' || estimator === 'ksg2')) {
    return neighbourMultiInformation(normalise ? normaliseColumns(columns) : columns, estimator === 'ksg1' ? 1 : 2, { neighbours, theiler }, options);
  }
  const entropy = entropyOf(job);
  switch (measure) {
    case 'multi-information':
      return totalCorrelation(columns, entropy, options);
    case 'o-information':
      return (await totalCorrelation(columns, entropy, options)) - (await dualTotalCorrelation(columns, entropy, options));
    case 's-information':
      return (await totalCorrelation(columns, entropy, options)) + (await dualTotalCorrelation(columns, entropy, options));
    default:
      return entropy.of(columns, options);
  }
}
