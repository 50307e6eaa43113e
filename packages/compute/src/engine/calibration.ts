/** The calibration of each engine: from the file, or measured now and kept there. */
import type { Calibration, EngineInfo } from '@corrente/shared/contract/engine';
import { calibrate } from './calibrate.ts';
import { calibrationKey, calibrationPath, keepCalibration, readCalibrations } from './calibration-file.ts';
import type { Engine } from './contract.ts';

export interface CalibrationOptions {
  /** The file; see `calibrationPath`. */
  readonly path?: string;
  readonly measure?: (engine: Engine) => Promise<Calibration>;
  /** Measures what the file has as well, which may have been measured while the machine was busy. */
  readonly anew?: boolean;
}

/**
 * What each engine says of itself, with its calibration where it is available. One that cannot be measured has none,
 * and counts as an ordinary one of its kind.
 */
export async function calibratedInfos(engines: readonly Engine[], { path = calibrationPath(), measure = calibrate, anew = false }: CalibrationOptions = {}): Promise<EngineInfo[]> {
  const known = await readCalibrations(path);
  const infos: EngineInfo[] = [];
  // One after the other: they share the processor.
  for (const engine of engines) {
    const info = engine.info();
    const key = calibrationKey(info);
    const kept = known.get(key);
    const found = info.available && (anew || kept === undefined) ? await measured(engine, measure) : undefined;
    const calibration = found === undefined ? kept : await keepCalibration(path, key, found, anew);
    infos.push(info.available && calibration !== undefined ? { ...info, calibration } : info);
  }
  return infos;
}

async function measured(engine: Engine, measure: (engine: Engine) => Promise<Calibration>): Promise<Calibration | undefined> {
  try {
    return await measure(engine);
  } catch {
    // Whatever is wrong with the engine, the job that runs on it will say; the choice can do without.
    return undefined;
  }
}
