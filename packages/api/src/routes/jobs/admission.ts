/**
 * Whether a job may enter the queue: what can be known to fail is refused before it waits, with the figure.
 * What only the data can tell (an infinite value, a window longer than what is left) is found by the worker.
 */
import { inputShape } from '@corrente/platform/datasets/input-shape';
import type { Platform } from '@corrente/platform/platform';
import type { Estimate, InputShape } from '@corrente/shared/contract/analysis';
import { analysisNamed, fieldsRead, parseParams } from '@corrente/shared/contract/analyses/index';
import { inBytes } from '@corrente/shared/contract/bytes';
import { engineNames, type EngineInfo } from '@corrente/shared/contract/engine';
import { chooseAmong, enginesOf, leastSeconds, predictSeconds } from '@corrente/shared/contract/engine-choice';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JobEstimate, JobSpec } from '@corrente/shared/contract/job';

/** A live worker's engine, and the memory a job may take there. */
interface Seat {
  readonly engine: EngineInfo;
  readonly memoryBytes: number;
}

interface ChosenSeat extends Seat {
  /** What the job would take there. */
  readonly seconds: number;
  readonly reason: string;
}

/** Where no worker is alive, the job is taken to run on one thread of an ordinary CPU. */
const unknownEngine = { name: 'cpu', threads: 1 } as const;

/** The spec as it is stored: its parameters checked and their defaults filled in. Throws `unknown-analysis`, `invalid-params`. */
export function normalise(spec: JobSpec): JobSpec {
  return { ...spec, params: record(parseParams(analysisNamed(spec.analysis), spec.params)) };
}

/** Throws the reason for which this (normalised) job would be refused. */
export async function admit(platform: Platform, spec: JobSpec): Promise<void> {
  await platform.jobs.checkInputs(spec);
  const shape = await shapeOf(platform, spec);
  const contract = analysisNamed(spec.analysis);
  seatFor(await seats(platform), spec, contract.estimate(spec.params, shape, spec.precision));
}

/** What the job would need. What refuses it stands in the answer; a data set that is not there is thrown. */
export async function estimate(platform: Platform, given: JobSpec): Promise<JobEstimate> {
  const known = { memoryBytes: 0, seconds: 0, series: 0, rows: 0 };
  try {
    const spec = normalise(given);
    await platform.jobs.checkInputs(spec);
    const shape = await shapeOf(platform, spec);
    const contract = analysisNamed(spec.analysis);
    const need = contract.estimate(spec.params, shape, spec.precision);
    Object.assign(known, { memoryBytes: need.memoryBytes, seconds: predictSeconds(need, unknownEngine, spec.precision), series: shape.series.length, rows: shape.rows });
    const seat = seatFor(await seats(platform), spec, need);
    if (seat === null) return { ...known, engine: null, refused: null };
    const { name, device } = seat.engine;
    return { ...known, seconds: seat.seconds, engine: { name, device, reason: seat.reason }, refused: null };
  } catch (error) {
    const refusal = CorrenteError.from(error);
    if (refusal.status !== 422) throw refusal;
    return { ...known, engine: null, refused: refusal.toProblem() };
  }
}

/** The shape that the (normalised) job's input will have. Throws `dataset-not-found`, `unknown-series`, `unknown-field`, `empty-selection`, `invalid-job`. */
export async function shapeOf(platform: Platform, { analysis, params, input }: JobSpec): Promise<InputShape> {
  const dataset = await platform.datasets.get(input.dataset);
  if (dataset === null) {
    throw new CorrenteError('dataset-not-found', `The job names ${input.dataset}.`, { places: [{ pointer: '/input/dataset', detail: 'there is no such data set' }] });
  }
  return inputShape(dataset, input, fieldsRead(analysisNamed(analysis), params, input));
}

async function seats(platform: Platform): Promise<Seat[]> {
  const workers = await platform.workers.list();
  return workers.flatMap((worker) => worker.engines.map((engine) => ({ engine, memoryBytes: Math.min(worker.memoryBytes, engine.memoryBytes ?? Infinity) })));
}

/** The seat that would be the first to have done the job; null where no worker is alive and the job may wait for any. */
function seatFor(all: readonly Seat[], spec: JobSpec, need: Estimate): ChosenSeat | null {
  const asked = spec.engine;
  const { memoryBytes } = need;
  const contract = analysisNamed(spec.analysis);
  const allowed = enginesOf(contract, spec.params, spec.precision);
  if (asked !== 'auto' && !allowed.includes(asked)) {
    const what = contract.engines.includes(asked) ? `${contract.name} with these parameters` : contract.name;
    throw new CorrenteError('engine-unavailable', `The engine was "${asked}"; ${what} runs on ${allowed.join(', ')}.`, place('the analysis does not run on it'));
  }
  if (all.length === 0 && asked === 'auto') return null;

  const eligible = all.filter(({ engine }) => allowed.includes(engine.name) && (asked === 'auto' || engine.name === asked));
  const present = eligible.filter(({ engine }) => engine.available);
  if (present.length === 0) {
    const why = [...new Set(eligible.map(({ engine }) => engine.whyNot).filter((reason) => reason !== null))].join('; ');
    throw new CorrenteError('engine-unavailable', `The engine was "${asked}"; ${all.length === 0 ? 'no worker is alive' : `no live worker has it${why ? ` (${why})` : ''}`}.`, place('no live worker has it'));
  }
  const precise = present.filter(({ engine }) => engine.precisions.includes(spec.precision));
  if (precise.length === 0) {
    throw new CorrenteError('precision-unsupported', `The precision was ${spec.precision}; engine "${asked}" computes in ${[...new Set(present.flatMap(({ engine }) => engine.precisions))].join(', ')}.`, {
      places: [{ pointer: '/precision', detail: 'no live worker computes in it' }],
    });
  }
  const fitting = precise.filter((seat) => memoryBytes <= seat.memoryBytes).map(({ engine, memoryBytes: most }) => ({ engine, memoryBytes: most, seconds: predictSeconds(need, engine, spec.precision) }));
  const best = bestOfEach(fitting);
  const chosen = leastSeconds(best);
  if (chosen !== undefined) {
    const reason = asked === 'auto' ? chooseAmong(best.map(({ engine }) => engine), asked, spec.precision, allowed, need).reason : 'asked for';
    return { ...chosen, reason };
  }
  const most = Math.max(...precise.map((seat) => seat.memoryBytes));
  throw new CorrenteError('memory-exceeded', `The job needs about ${inBytes(memoryBytes)} (${memoryBytes} bytes); the most that a live worker may use is ${inBytes(most)} (${most} bytes).`);
}

interface TimedSeat extends Seat {
  readonly seconds: number;
}

/** The fastest seat of each engine, the best engine first. */
function bestOfEach(seated: readonly TimedSeat[]): TimedSeat[] {
  return engineNames.flatMap((name) => seated.filter(({ engine }) => engine.name === name).sort((a, b) => a.seconds - b.seconds).slice(0, 1));
}

function place(detail: string) {
  return { places: [{ pointer: '/engine', detail }] };
}

function record(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value ?? {}));
}
