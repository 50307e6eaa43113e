/** Information measures: one step for each target with all its sources, or for each process, or for the group. */
import { everyPair, informationMeasure as contract, type InformationMeasureParams, type informationMeasureParams, isGroup, listOf, nullKind } from '@corrente/shared/contract/analyses/information-measure';
import type { Analysis, PlanInput, Step, StepContext } from '../analysis.ts';
import { check } from './check.ts';
import { conditionalRows } from './conditional-step.ts';
import { entropyRow } from './entropy-step.ts';
import { MeasureJob } from './job.ts';
import { groupsOf, placesOfNames, type QuestionGroup, seriesOf } from './questions.ts';
import { joined, type ValueRow, valueColumns } from './rows.ts';

export const informationMeasure: Analysis<typeof informationMeasureParams> = {
  contract,
  validate: check,
  plan(input) {
    const groups = groupsOf(input.params, input.frame.names);
    const job = new MeasureJob(input);
    const used = seriesOf(input.params, groups, input.frame.names);
    const steps = groups.map((group, i) => step(job, group, (context) => {
      // Told once, by the first step.
      if (i === 0) job.warnOfTies(context, used);
    }));
    return Promise.resolve({ steps, close() {} });
  },
};

function step(job: MeasureJob, group: QuestionGroup, first: (context: StepContext) => void): Step {
  const { params } = job.input;
  const { measure } = params;
  const conditional = !isGroup(measure) && measure !== 'entropy' && measure !== 'block-entropy' && measure !== 'entropy-rate';
  const estimates = 1 + (nullKind(params) === 'permutation' ? params.permutations : 0);
  return {
    title: joined(group.target, job.names),
    work: group.count * estimates * Math.max(1, job.input.frame.length),
    independent: true,
    async run(context) {
      first(context);
      const questions = group.questions();
      const rows = conditional ? await conditionalRows(job, questions, context) : await Promise.all(questions.map((one) => entropyRow(job, one, context)));
      const unit = job.estimator.unit;
      if (params.output !== 'matrix') context.emit('values', valueColumns(rows, params, unit, job.names));
      if (params.output !== 'pairs' && everyPair(params)) context.emit('matrix', matrixRow(rows, job.input));
    },
  };
}

/** One row of the matrix: from each source to the target of the rows, missing where there is no such pair. */
function matrixRow(rows: readonly ValueRow[], { params, frame }: PlanInput<InformationMeasureParams>): Array<string[] | Float64Array<ArrayBuffer>> {
  const names = listOf(params.source);
  const sources = names === null ? frame.names.map((_, place) => place) : placesOfNames(names, frame.names, '/params/source');
  const values = new Map(rows.map(({ question, value }) => [question.source[0], value]));
  return [[joined(rows[0]?.question.target ?? [], frame.names)], ...sources.map((place) => Float64Array.of(values.get(place) ?? Number.NaN))];
}
