/** The engines in the order in which `auto` tries them, and the choice among them. */
import { engineNames, type EngineInfo, type EngineName, type EngineUsed, type Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { absentEngine } from './absent.ts';
import type { Engine } from './contract.ts';
import { PortableEngine, portableEngine } from './portable.ts';

/** Native code is loaded only here. */
const loaders: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  cuda: async () => (await import('./cuda.ts')).cudaEngine(),
  cpu: async () => (await import('./cpu.ts')).cpuEngine(),
  portable: () => Promise.resolve(portableEngine()),
};

async function loadEngine(name: EngineName): Promise<Engine> {
  try {
    return await loaders[name]();
  } catch (error) {
    return absentEngine(name, error);
  }
}

let loaded: Promise<Engine[]> | null = null;

/** Every engine, best first, loaded once per process. One that cannot be loaded is there, and says why it is not available. */
export function listEngines(): Promise<Engine[]> {
  loaded ??= Promise.all(engineNames.map(loadEngine));
  return loaded;
}

/** What the engines of this machine say of themselves, best first. */
export async function engineInfos(): Promise<EngineInfo[]> {
  return (await listEngines()).map((engine) => engine.info());
}

export interface ChosenEngine {
  readonly engine: Engine;
  readonly used: EngineUsed;
}

/**
 * The engine for a job, and what its result says about it. `auto` takes the best one that is available, computes in
 * the precision and is in `allowed`, the engines of the analysis. An engine that was asked for by name and cannot do
 * it is an error, `engine-unavailable` or `precision-unsupported`, never a change of engine.
 */
export async function chooseEngine(request: 'auto' | EngineName, precision: Precision, allowed: readonly EngineName[]): Promise<ChosenEngine> {
  const { engine, reason } = pickEngine(await listEngines(), request, precision, allowed);
  const device = engine instanceof PortableEngine ? await engine.deviceFor(precision) : engine.info().device;
  return { engine, used: { name: engine.name, device, precision, reason } };
}

interface Refusal {
  readonly code: 'engine-unavailable' | 'precision-unsupported';
  readonly sentence: string;
}

function refusalOf(engine: Engine, precision: Precision, allowed: readonly EngineName[]): Refusal | null {
  const { name, available, whyNot, precisions } = engine.info();
  if (!allowed.includes(name)) return { code: 'engine-unavailable', sentence: `${name} does not run this analysis (${allowed.join(', ')} do)` };
  if (!available) return { code: 'engine-unavailable', sentence: `${name} is not available (${(whyNot ?? 'it does not say why').replace(/\.$/, '')})` };
  if (!precisions.includes(precision)) return { code: 'precision-unsupported', sentence: `${name} does not compute in ${precision} (${precisions.join(', ')} only)` };
  return null;
}

/** The rule of `chooseEngine`, over engines given best first. */
export function pickEngine(engines: readonly Engine[], request: 'auto' | EngineName, precision: Precision, allowed: readonly EngineName[]): { engine: Engine; reason: string } {
  const refusals: Refusal[] = [];
  for (const engine of engines) {
    if (request !== 'auto' && engine.name !== request) continue;
    const refusal = refusalOf(engine, precision, allowed);
    if (refusal === null) return { engine, reason: reasonOf(engine, request, refusals) };
    refusals.push(refusal);
  }
  const code = refusals.length > 0 && refusals.every((refusal) => refusal.code === 'precision-unsupported') ? 'precision-unsupported' : 'engine-unavailable';
  const sentences = refusals.length > 0 ? refusals.map(({ sentence }) => sentence).join(', ') : `${request} is not among ${engines.map(({ name }) => name).join(', ')}`;
  throw new CorrenteError(code, `The job asks for engine ${request} in ${precision}: ${sentences}.`);
}

function reasonOf(engine: Engine, request: 'auto' | EngineName, refusals: readonly Refusal[]): string {
  if (request !== 'auto') return `${request}: asked for by name`;
  if (refusals.length === 0) return `auto: ${engine.name} is the best engine`;
  return `auto: ${refusals.map(({ sentence }) => sentence).join(', ')}, ${engine.name} is the next best`;
}
