/** What a job takes on an engine, and which engine `auto` takes for it. */
import type { AnalysisContract, Estimate } from './analysis.ts';
import type { EngineInfo, EngineName, Precision } from './engine.ts';
import { CorrenteError } from './errors.ts';

/** Seconds that every job takes, whatever its engine: its frame, its parts, its place in the queue. */
const jobSeconds = 0.02;

/** An engine is as good as the fastest where it takes at most so many times its seconds; the better one is then taken. */
const tie = 1.1;

interface Rates {
  readonly operationsPerSecond: number;
  readonly copyBytesPerSecond: number;
  readonly transferBytesPerSecond: number;
  readonly launchSeconds: number;
}

/** Of ordinary machines of each kind, in orders of magnitude: for engines that were not measured. Operations are per thread. */
const ordinary: Readonly<Record<EngineName, { operations: number; f32: number; bytes: number; transfer: number }>> = {
  cuda: { operations: 5e11, f32: 8, bytes: 5e11, transfer: 1e10 },
  cpu: { operations: 8e9, f32: 2, bytes: 1e10, transfer: Infinity },
  portable: { operations: 5e8, f32: 1, bytes: 4e9, transfer: Infinity },
};

function ratesOf(info: Pick<EngineInfo, 'name' | 'threads' | 'calibration'>, precision: Precision): Rates {
  const { name, threads, calibration } = info;
  if (calibration === undefined) {
    const { operations, f32, bytes, transfer } = ordinary[name];
    return { operationsPerSecond: operations * (precision === 'f32' ? f32 : 1) * (threads ?? 1), copyBytesPerSecond: bytes, transferBytesPerSecond: transfer, launchSeconds: 0 };
  }
  const { operationsPerSecond, copyBytesPerSecond, transferBytesPerSecond, launchSeconds } = calibration;
  return {
    operationsPerSecond: operationsPerSecond[precision] ?? operationsPerSecond.f64,
    copyBytesPerSecond: copyBytesPerSecond ?? Infinity,
    transferBytesPerSecond: transferBytesPerSecond ?? Infinity,
    launchSeconds,
  };
}

/**
 * Seconds that a job takes, by the roofline model (Williams, Waterman and Patterson 2009): the longer of computing and
 * moving, after what is transferred to the device and back; from the engine's calibration, or from the rates of an
 * ordinary machine. It tells seconds from hours, and engines that differ much from each other.
 */
export function predictSeconds(need: Pick<Estimate, 'operations' | 'bytes'>, info: Pick<EngineInfo, 'name' | 'threads' | 'calibration'>, precision: Precision): number {
  const { operationsPerSecond, copyBytesPerSecond, transferBytesPerSecond, launchSeconds } = ratesOf(info, precision);
  return jobSeconds + launchSeconds + need.bytes / transferBytesPerSecond + Math.max(need.operations / operationsPerSecond, need.bytes / copyBytesPerSecond);
}

/** Of things in order of preference: the first that takes hardly longer than the fastest. */
export function leastSeconds<T extends { readonly seconds: number }>(all: readonly T[]): T | undefined {
  const least = Math.min(...all.map(({ seconds }) => seconds));
  return all.find(({ seconds }) => seconds <= tie * least);
}

/** The engines that compute these parameters in this precision, best first. */
export function enginesOf(contract: AnalysisContract, params: unknown, precision: Precision): readonly EngineName[] {
  const all = contract.enginesFor?.(params, precision) ?? contract.engines;
  return contract.engines.filter((name) => all.includes(name));
}

export interface Candidate {
  readonly name: EngineName;
  readonly seconds: number;
}

export interface EngineChoice {
  readonly name: EngineName;
  /** In one sentence, as the result records it. */
  readonly reason: string;
  /** The engines that could run the job, with what they would take, best first. */
  readonly candidates: readonly Candidate[];
}

interface Refusal {
  readonly code: 'engine-unavailable' | 'precision-unsupported';
  readonly sentence: string;
}

function refusalOf({ name, available, whyNot, precisions }: EngineInfo, precision: Precision, allowed: readonly EngineName[]): Refusal | null {
  if (!allowed.includes(name)) return { code: 'engine-unavailable', sentence: `${name} does not run this analysis with these parameters (${allowed.join(', ')} do)` };
  if (!available) return { code: 'engine-unavailable', sentence: `${name} is not available (${(whyNot ?? 'it does not say why').replace(/\.$/, '')})` };
  if (!precisions.includes(precision)) return { code: 'precision-unsupported', sentence: `${name} does not compute in ${precision} (${precisions.join(', ')} only)` };
  return null;
}

/** A duration in words, with two digits that count. */
export function inSeconds(seconds: number): string {
  if (seconds < 0.9995) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  return seconds < 120 ? `${Number(seconds.toPrecision(2))} s` : `${Math.round(seconds / 60)} min`;
}

/**
 * The engine for a job, out of engines given best first. `auto` takes the one that would take the least time, the
 * better one where they are within a tenth of each other. An engine that was asked for by name and cannot do it is an
 * error, `engine-unavailable` or `precision-unsupported`, never a change of engine.
 */
export function chooseAmong(engines: readonly EngineInfo[], request: 'auto' | EngineName, precision: Precision, allowed: readonly EngineName[], need: Pick<Estimate, 'operations' | 'bytes'>): EngineChoice {
  const asked = engines.filter(({ name }) => request === 'auto' || name === request);
  const judged = asked.map((info) => ({ info, refusal: refusalOf(info, precision, allowed) }));
  const refusals = judged.flatMap(({ refusal }) => refusal ?? []);
  const candidates = judged.flatMap(({ info, refusal }) => (refusal === null ? [{ name: info.name, seconds: predictSeconds(need, info, precision) }] : []));
  const chosen = leastSeconds(candidates);
  if (chosen === undefined) {
    const code = refusals.length > 0 && refusals.every((refusal) => refusal.code === 'precision-unsupported') ? 'precision-unsupported' : 'engine-unavailable';
    const sentences = refusals.length > 0 ? refusals.map(({ sentence }) => sentence).join(', ') : `${request} is not among ${engines.map(({ name }) => name).join(', ')}`;
    throw new CorrenteError(code, `The job asks for engine ${request} in ${precision}: ${sentences}.`);
  }
  return { name: chosen.name, reason: request === 'auto' ? reasonOf(chosen, candidates, refusals) : `${request}: asked for by name`, candidates };
}

function reasonOf(chosen: Candidate, candidates: readonly Candidate[], refusals: readonly Refusal[]): string {
  const others = candidates.filter((one) => one !== chosen).map(({ name, seconds }) => `${name} ${inSeconds(seconds)}`);
  const least = candidates.every(({ seconds }) => chosen.seconds <= seconds);
  const rest = [...others, ...refusals.map(({ sentence }) => sentence)].join(', ');
  if (rest === '') return `auto: ${chosen.name} is the only engine; it should take ${inSeconds(chosen.seconds)}`;
  if (others.length === 0) return `auto: ${chosen.name} is the only engine that can, and should take ${inSeconds(chosen.seconds)}; ${rest}`;
  return `auto: ${chosen.name} should take ${inSeconds(chosen.seconds)}${least ? '' : ', hardly more than the fastest'}; ${rest}`;
}
