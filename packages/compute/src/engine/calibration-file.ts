/** Where calibrations are kept: one JSON file, by engine and machine. A file that cannot be read or written is no failure. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { cpus, homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { calibration, type Calibration, type EngineInfo } from '@corrente/shared/contract/engine';
import { z } from 'zod';

const file = z.object({ format: z.literal(1), engines: z.record(z.string(), calibration) });

/** In the platform's folder where there is one here, and otherwise in the user's folder of caches. */
export function calibrationPath(env: NodeJS.ProcessEnv = process.env): string {
  const home = resolve(env['CORRENTE_HOME'] || '.corrente');
  if (existsSync(home)) return join(home, 'calibration.json');
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'corrente', 'calibration.json');
}

/** What must not change for a calibration to hold: the engine and its version, the device, the threads, the processor. */
export function calibrationKey({ name, version, device, threads }: EngineInfo): string {
  // The portable engine's device tells, once it knows, what runs under f32; what it was measured on is Node's JavaScript.
  return JSON.stringify([name, version, name === 'portable' ? process.version : device, threads, cpus()[0]?.model ?? 'unknown']);
}

/** The calibrations of the file; none where it is not there, or is not one. */
export async function readCalibrations(path: string): Promise<ReadonlyMap<string, Calibration>> {
  try {
    return new Map(Object.entries(file.parse(JSON.parse(await readFile(path, 'utf8'))).engines));
  } catch {
    // Missing, unreadable or of another kind: the engines are measured anew.
    return new Map();
  }
}

/**
 * Adds one; another process's, if it was quicker, stays, unless it is to be replaced. Answers what holds, also where
 * nothing can be written.
 */
export async function keepCalibration(path: string, key: string, measured: Calibration, replace = false): Promise<Calibration> {
  const known = await readCalibrations(path);
  const kept = replace ? measured : (known.get(key) ?? measured);
  try {
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}`;
    await writeFile(temporary, `${JSON.stringify({ format: 1, engines: { ...Object.fromEntries(known), [key]: kept } }, null, 2)}\n`);
    // In one go, so that no reader sees half of it.
    await rename(temporary, path);
  } catch {
    // A read-only folder: the next process measures again.
  }
  return kept;
}
