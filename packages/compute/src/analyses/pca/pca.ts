/** Principal components: one step, whose work is a matrix of products and its eigensystem. */
import { pca as contract, type PcaParams, type pcaParams } from '@corrente/shared/contract/analyses/pca';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace } from '@corrente/shared/portable/pace';
import type { Columns } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Analysis, PartColumn, PlanInput, Step, StepContext } from '../analysis.ts';
import { decompose, type Decomposition, standardise } from './decompose.ts';
import { completeRows, completeSeries, refuseMissing, rowsOf } from './rows.ts';

export const pca: Analysis<typeof pcaParams> = {
  contract,
  validate,
  plan: (input) => Promise.resolve({ steps: [decompositionStep({ ...input, frame: takenSeries(input.params, input.frame) }, input.frame.series)], close() {} }),
};

const takenSeries = ({ missing }: PcaParams, frame: Frame): Frame => (missing === 'drop-series' ? completeSeries(frame) : frame);

function validate(params: PcaParams, given: Frame): void {
  const frame = takenSeries(params, given);
  if (frame.series < 2) throw new CorrenteError('too-few-series', `pca was given ${given.series} series${frame === given ? '' : `, ${frame.series} of them complete`}; components are of at least 2.`);
  if (params.missing === 'error') refuseMissing(frame, 'pca', 'leave their rows out with missing = listwise, or the series with missing = drop-series');
  const rows = params.missing === 'listwise' ? completeRows(frame).length : frame.length;
  if (rows < 2) throw new CorrenteError('too-few-samples', `pca needs at least 2 rows where every series is present; there are ${rows} of ${frame.length}.`);
  const most = Math.min(frame.series, rows - 1);
  if (params.components !== null && params.components > most) {
    throw new CorrenteError('invalid-params', `pca: ${params.components} components were asked for; ${frame.series} series over ${rows} rows have at most ${most}.`, { places: [{ pointer: '/params/components', detail: `is ${params.components}; expected at most ${most}` }] });
  }
}

/** `given`: how many series there were before those with gaps were left out. */
function decompositionStep(input: PlanInput<PcaParams>, given: number): Step {
  const { params, frame, engine } = input;
  return {
    title: 'components',
    work: 1,
    async run(context) {
      const rows = params.missing === 'listwise' ? completeRows(frame) : Int32Array.from({ length: frame.length }, (_, t) => t);
      if (frame.series < given) context.log('info', `${given - frame.series} of ${given} series have a missing value and are left out`);
      if (rows.length < frame.length) context.log('info', `${frame.length - rows.length} of ${frame.length} rows have a missing value and are left out`);
      const { block, variances } = standardise(rows.length === frame.length ? frame : rowsOf(frame, rows), frame.names, params);
      if (variances.every((variance) => variance === 0)) throw new CorrenteError('constant-series', `None of the ${frame.series} series varies over the ${rows.length} rows that take part; there is no variance to take apart.`);
      const found = await decompose(engine, block, params.ddof, { precision: 'f64', signal: context.signal, onProgress: (fraction) => context.progress(0.9 * fraction) });
      const count = componentCount(params, found, Math.min(frame.series, rows.length - 1));
      const directions = Array.from({ length: count }, (_, k) => found.direction(k));
      emitComponents(context, frame, found, directions);
      if (params.scores) await emitScores(context, frame, rows, block, directions);
    },
  };
}

/** How many components are asked for, or hold the share together. */
function componentCount({ components, share }: PcaParams, { values, total }: Decomposition, most: number): number {
  if (components !== null) return components;
  let held = 0;
  for (let k = 0; k < most; k++) {
    held += values[k] ?? 0;
    // A share of 1 is held but for rounding.
    if (held >= share * total * (1 - 1e-12)) return k + 1;
  }
  return most;
}

function emitComponents(context: StepContext, frame: Frame, { values, total }: Decomposition, directions: readonly Float64Array[]): void {
  const count = directions.length;
  let held = 0;
  const cumulative = Float64Array.from({ length: count }, (_, k) => {
    held += values[k] ?? Number.NaN;
    return Math.min(1, held / total);
  });
  context.emit('variance', [Int32Array.from({ length: count }, (_, k) => k + 1), values.slice(0, count), values.slice(0, count).map((value) => value / total), cumulative]);
  const loadings = new Float64Array(count * frame.series);
  for (const [k, direction] of directions.entries()) loadings.set(direction, k * frame.series);
  const indices = Int32Array.from(loadings, (_, at) => at % frame.series);
  context.emit('components', [Int32Array.from(loadings, (_, at) => Math.floor(at / frame.series) + 1), { names: frame.names, indices }, loadings]);
}

async function emitScores(context: StepContext, frame: Frame, rows: Int32Array, block: Columns, directions: readonly Float64Array[]): Promise<void> {
  const pace = new Pace('pca', directions.length * block.series, { signal: context.signal, onProgress: (fraction) => context.progress(0.9 + 0.1 * fraction) });
  const columns: PartColumn[] = [BigInt64Array.from(rows, (t) => frame.time[t] ?? 0n)];
  for (const direction of directions) {
    const scores = new Float64Array(rows.length);
    for (let s = 0; s < block.series; s++) {
      const weight = direction[s] ?? Number.NaN;
      const from = s * block.stride;
      for (let t = 0; t < rows.length; t++) scores[t] = (scores[t] ?? 0) + weight * (block.values[from + t] ?? Number.NaN);
      pace.count(1);
      if (pace.due) await pace.turn();
    }
    columns.push(scores);
  }
  context.emit('scores', columns);
}
