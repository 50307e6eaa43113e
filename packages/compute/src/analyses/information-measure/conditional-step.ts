/** Measures of the form I(X; Y | Z): one step for a target and all its sources. */
import { nullKind, sourceBatchBytes } from '@corrente/shared/contract/analyses/information-measure';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns } from '../../engine/contract.ts';
import type { Embedding } from '../../information/embedding.ts';
import type { ConditionalSession, EstimateRequest, NullDistribution } from '../../information/estimator.ts';
import { nothing } from '../../information/neighbours.ts';
import { currentRows, embed, longestLag, normaliseColumns, type Span, spanOf, type Variable } from '../../information/realisations.ts';
import { surrogateDistribution } from '../../information/surrogates.ts';
import { permutationP } from '../../statistics/permutation-p.ts';
import type { StepContext } from '../analysis.ts';
import type { MeasureJob } from './job.ts';
import type { Question } from './questions.ts';
import type { ValueRow } from './rows.ts';
import { type ConditionalVariables, conditionalVariables } from './variables.ts';

/** Share of a step that choosing embeddings takes, where they are chosen. */
const searchShare = 0.5;

interface Task {
  readonly question: Question;
  readonly variables: ConditionalVariables;
  readonly source: Embedding | null;
  readonly target: Embedding | null;
}

/** The rows of questions that share their target, in their order. */
export async function conditionalRows(job: MeasureJob, questions: readonly Question[], context: StepContext): Promise<ValueRow[]> {
  const tasks = await embeddedTasks(job, questions, context);
  const base = job.input.params.embedding === 'given' ? 0 : searchShare;
  const rows = new Map<Question, ValueRow>();
  let done = 0;
  // Sources of unlike depth have unlike realisations: each such group has a session of its own.
  for (const group of Map.groupBy(tasks, ({ variables }) => longestLag([...variables.x, ...variables.y, ...variables.z])).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const block = new Blocks(job, first.variables);
    const opening = job.options(context, () => {});
    const session = await job.estimator.open(block.of(first.variables.y), first.variables.z.length === 0 ? nothing : block.of(first.variables.z), opening);
    try {
      for (const batch of batches(job, group, block.span)) {
        const options = job.options(context, (fraction) => context.progress(base + (1 - base) * ((done + fraction * batch.length) / tasks.length)));
        const sources = batch.map(({ variables }) => block.of(variables.x));
        const answers = await session.estimate(batch.map(({ question }, i): EstimateRequest => request(job, question, sources[i] ?? nothing, block.span)), options);
        for (const [i, task] of batch.entries()) rows.set(task.question, rowOf(job, session, task, sources[i] ?? nothing, answers[i]));
        done += batch.length;
      }
      if (job.input.params.local) await emitLocals(job, session, block, first, context);
    } finally {
      session.close();
    }
  }
  return questions.flatMap((question) => rows.get(question) ?? []);
}

async function embeddedTasks(job: MeasureJob, questions: readonly Question[], context: StepContext): Promise<Task[]> {
  const { params } = job.input;
  const every = [...new Set(questions.flatMap(({ source, target }) => [...target, ...source]))];
  let done = 0;
  const embeddings = new Map<number, Embedding>();
  for (const series of params.embedding === 'given' ? [] : every) {
    const options = job.options(context, (fraction) => context.progress((searchShare * (done + fraction)) / every.length, `embedding of ${job.names[series]}`));
    for (const [one, embedding] of await job.embeddings([series], options)) embeddings.set(one, embedding);
    done += 1;
  }
  const given = { source: { history: params.sourceHistory, tau: params.sourceTau }, target: { history: params.targetHistory, tau: params.targetTau } };
  const source = (series: number): Embedding => embeddings.get(series) ?? given.source;
  const target = (series: number): Embedding => embeddings.get(series) ?? given.target;
  return questions.map((question) => {
    const variables = conditionalVariables(question, params, { source, target });
    if (variables === null) throw new CorrenteError('internal', `${params.measure} is no information of the form I(X; Y | Z).`);
    return { question, variables, source: ofSingle(question.source, source), target: ofSingle(question.target, target) };
  });
}

/** The embedding of a side of one series; several have one each. */
const ofSingle = (places: readonly number[], of: (series: number) => Embedding): Embedding | null => (places.length === 1 ? of(places[0] ?? 0) : null);

/** Realisations over one span, as the estimator takes them. */
class Blocks {
  readonly span: Span;
  readonly #job: MeasureJob;

  constructor(job: MeasureJob, { x, y, z }: ConditionalVariables) {
    this.#job = job;
    this.span = spanOf(job.prepared.columns, longestLag([...x, ...y, ...z]));
  }

  of(variables: readonly Variable[]): Columns {
    const columns = embed(this.#job.prepared.columns, variables, this.span);
    return this.#job.input.params.normalise && this.#job.measuresDistances ? normaliseColumns(columns) : columns;
  }
}

/** Tasks whose sources, with their orderings, fit into `sourceBatchBytes`; at least one. */
function* batches(job: MeasureJob, tasks: readonly Task[], span: Span): Generator<Task[]> {
  const { params } = job.input;
  const orderings = nullKind(params) === 'permutation' && (params.surrogates.method !== 'random' || span.trials > 1) ? 4 * params.permutations : 0;
  let batch: Task[] = [];
  let bytes = 0;
  for (const task of tasks) {
    const more = span.realisations * (8 * task.variables.x.length + orderings);
    if (batch.length > 0 && bytes + more > sourceBatchBytes) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(task);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

function request(job: MeasureJob, question: Question, source: Columns, span: Span): EstimateRequest {
  const { params } = job.input;
  const stream = job.stream(question);
  const surrogates = nullKind(params) === 'permutation' ? params.permutations : 0;
  const distribution: NullDistribution = surrogates === 0 ? { kind: 'permuted', stream } : surrogateDistribution(params.surrogates, span, surrogates, stream);
  return { source, surrogates, null: distribution };
}

function rowOf(job: MeasureJob, session: ConditionalSession, { question, source, target }: Task, columns: Columns, answer: Float64Array | undefined): ValueRow {
  const value = answer?.[0] ?? Number.NaN;
  const kind = nullKind(job.input.params);
  const p = kind === 'permutation' ? permutationP(value, (answer ?? new Float64Array(1)).subarray(1)) : kind === 'analytic' ? (session.analyticP(columns, value) ?? Number.NaN) : Number.NaN;
  return { question, value, n: columns.length, p, source, target };
}

async function emitLocals(job: MeasureJob, session: ConditionalSession, block: Blocks, { variables }: Task, context: StepContext): Promise<void> {
  const values = await session.locals(block.of(variables.x), job.options(context, () => {}));
  const { frame } = job.input;
  const rowsPerTrial = frame.length / frame.trials;
  // Prepared rows begin `skipped` rows into each trial.
  const time = BigInt64Array.from(currentRows(block.span), (row) => {
    const trial = Math.floor(row / block.span.rowsPerTrial);
    return frame.time[trial * rowsPerTrial + job.prepared.skipped + (row - trial * block.span.rowsPerTrial)] ?? 0n;
  });
  context.emit('local', [time, values]);
}
