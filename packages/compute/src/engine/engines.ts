/** The engines, best first, and the choice among them. */
import type { Estimate } from '@corrente/shared/contract/analysis';
import { engineNames, type EngineInfo, type EngineName, type EngineUsed, type Precision } from '@corrente/shared/contract/engine';
import { chooseAmong } from '@corrente/shared/contract/engine-choice';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { absentEngine } from './absent.ts';
import { calibratedInfos } from './calibration.ts';
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

/** What the engines of this machine say of themselves, best first, without measuring anything. */
export async function engineInfos(): Promise<EngineInfo[]> {
  return (await listEngines()).map((engine) => engine.info());
}

let calibrated: Promise<EngineInfo[]> | null = null;

/** The same with their calibrations: measured once per machine, looked up once per process. */
export function calibratedEngineInfos(): Promise<EngineInfo[]> {
  calibrated ??= listEngines().then((engines) => calibratedInfos(engines));
  return calibrated;
}

/** The same, measured now, whatever was kept before. */
export function recalibratedEngineInfos(): Promise<EngineInfo[]> {
  calibrated = listEngines().then((engines) => calibratedInfos(engines, { anew: true }));
  return calibrated;
}

export interface ChosenEngine {
  readonly engine: Engine;
  readonly used: EngineUsed;
}

/** What the choice is made for. */
export interface EngineRequest {
  readonly engine: 'auto' | EngineName;
  readonly precision: Precision;
  /** The engines that compute the job: `enginesOf` its analysis and parameters. */
  readonly allowed: readonly EngineName[];
  /** The analysis's estimate. */
  readonly need: Pick<Estimate, 'operations' | 'bytes'>;
}

/** The engine for a job, by the rule of `chooseAmong`, and what its result says about it. Throws what that throws. */
export async function chooseEngine({ engine: request, precision, allowed, need }: EngineRequest): Promise<ChosenEngine> {
  const engines = await listEngines();
  const infos = request === 'auto' ? await calibratedEngineInfos() : await engineInfos();
  const { name, reason } = chooseAmong(infos, request, precision, allowed, need);
  const engine = engines.find((one) => one.name === name);
  if (engine === undefined) throw new CorrenteError('internal', `The engine ${name} was chosen, which is not among ${engines.map((one) => one.name).join(', ')}.`);
  const device = engine instanceof PortableEngine ? await engine.deviceFor(precision) : engine.info().device;
  return { engine, used: { name, device, precision, reason } };
}
