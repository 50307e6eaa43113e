/** Correlation of every pair of series: which steps compute what the parameters ask for. */
import { correlation as contract, correlationMode, wantsSomePairs, type CorrelationParams, type correlationParams } from '@corrente/shared/contract/analyses/correlation';
import type { Columns } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Analysis, Plan, PlanInput, Step } from '../analysis.ts';
import { checkCorrelation } from './check.ts';
import { listwiseMissing, listwiseRows } from './listwise.ts';
import { pairP } from './pair-p.ts';
import { PickedSteps } from './picked-steps.ts';
import { alphaOfHalfLife, rollingSteps } from './rolling-steps.ts';
import { LeadLagTiles, SessionTiles } from './session-tiles.ts';
import { TileSteps } from './tile-steps.ts';
import { rowsPerTile, tileBounds, type Tiles } from './tiles.ts';
import { WholeMatrixTiles } from './whole-matrix.ts';

export const correlation: Analysis<typeof correlationParams> = {
  contract,
  validate: checkCorrelation,
  plan: (input) => (correlationMode(input.params) === 'rolling' ? planRolling(input) : planPairs(input)),
};

async function planRolling(input: PlanInput<CorrelationParams>): Promise<Plan> {
  const { params, frame, engine, precision, signal } = input;
  const { window, halfLife, step, minPeriods } = params;
  const columns = params.missing === 'listwise' ? listwiseMissing(frame) : frame;
  const session = await engine.openRollingCorrelation(columns, { window, alpha: halfLife === null ? null : alphaOfHalfLife(halfLife), step, minPeriods }, { precision, signal });
  return { steps: rollingSteps(input, session), close: () => session.close() };
}

async function planPairs(input: PlanInput<CorrelationParams>): Promise<Plan> {
  const { params, frame } = input;
  const source = await tilesOf(input);
  const steps = wantsSomePairs(params) ? new PickedSteps(input, source).steps() : new TileSteps(input, source, tileBounds(frame.series, rowsPerTile(frame.series, frame.length))).steps();
  return { steps: source instanceof WholeMatrixTiles ? [...steps.slice(0, 1).map((first) => prepared(first, source, input)), ...steps.slice(1)] : steps, close: () => source.close() };
}

/** The first step of a matrix that is computed as a whole computes it, and tells how. */
function prepared(first: Step, source: WholeMatrixTiles, { precision, frame }: PlanInput<CorrelationParams>): Step {
  return {
    ...first,
    title: 'matrix of all series',
    work: first.work + 10 * frame.series ** 3 + 2 * frame.series ** 2 * frame.length,
    async run(context) {
      const left = leftOut(frame, source.rows);
      if (left !== null) context.log('warn', left);
      await source.prepare({ precision, signal: context.signal, onProgress: (fraction) => context.progress(0.95 * fraction) });
      for (const note of source.notes) context.log('info', note);
      return first.run({ ...context, progress: (fraction, message) => context.progress(0.95 + 0.05 * fraction, message) });
    },
  };
}

/** What a listwise deletion costs, in words, and the series that ask for most of it; null where it costs nothing. */
function leftOut({ length, names, present }: Frame, rows: number): string | null {
  if (rows === length) return null;
  const sparse = [...names.keys()].filter((s) => (present[s] ?? 0) < length).sort((x, y) => (present[x] ?? 0) - (present[y] ?? 0));
  const worst = sparse.slice(0, 3).map((s) => `${names[s]} has ${present[s]}`);
  return `${length - rows} of ${length} rows are left out, as not every series has a value there: ${worst.join(', ')}${sparse.length > worst.length ? ', …' : ''}.`;
}

async function tilesOf({ params, frame, engine, precision, signal }: PlanInput<CorrelationParams>): Promise<Tiles> {
  const { method, ddof, maxLag, minPeriods, missing } = params;
  const mode = correlationMode(params);
  if (mode === 'whole-matrix') return new WholeMatrixTiles(listwiseRows(frame), params, engine, precision);
  if (mode === 'lead-lag') {
    const columns = missing === 'listwise' ? listwiseMissing(frame) : frame;
    return new LeadLagTiles(await engine.openLeadLag(columns, { maxLag, minPeriods }, { precision, signal }), frame.series, pairP(params, columns));
  }
  const columns: Columns = missing === 'listwise' ? listwiseRows(frame) : frame;
  return new SessionTiles(await engine.openCorrelation(columns, { method, ddof }, { precision, signal }), frame.series, minPeriods, pairP(params, columns));
}
