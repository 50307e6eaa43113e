/** The calibration of each engine: from the file, or measured now and kept there. */
import type { Calibration, EngineInfo } from '@corrente/shared/contract/engine';
import { calibrate } from './calibrate.ts';
import { calibrationKey, calibrationPath, keepCalibration, readCalibrations } from './calibration-file.ts';
import type { Engine } from './contract.ts';

export interface CalibrationOptions {
  /** The file; see `calibrationPath`. */
  readonly path?: string;
  readonly measure?: (engine: Engine) => Promise<Calibration>;
}

/**
 * What each engine says of itself, with its calibration where it is available. One that cannot be measured has none,
 * and counts as an ordinary one of its kind.
 */
export async function calibratedInfos(engines: readonly Engine[], { path = calibrationPath(), measure = calibrate }: CalibrationOptions = {}): Promise<EngineInfo[]> {
  const known = await readCalibrations(path);
  const infos: EngineInfo[] = [];
  // One after the other: they share the processor.
  for (const engine of engines) {
    const info = engine.info();
    const key = calibrationKey(info);
    const found = known.get(key) ?? (info.available ? await measured(engine, measure) : undefined);
    if (found === undefined || !info.available) infos.push(info);
    else infos.push({ ...info, calibration: known.has(key) ? found : await keepCalibration(path, key, found) });
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
