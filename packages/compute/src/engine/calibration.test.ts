import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Calibration, EngineInfo, EngineName } from '@corrente/shared/contract/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { absentEngine } from './absent.ts';
import { calibrate } from './calibrate.ts';
import { calibratedInfos } from './calibration.ts';
import { calibrationKey, calibrationPath, keepCalibration, readCalibrations } from './calibration-file.ts';
import type { Columns, Engine, RollingRequest } from './contract.ts';

const sample: Calibration = { copyBytesPerSecond: 1e10, operationsPerSecond: { f64: 1e11, f32: 2e11 }, launchSeconds: 1e-5, transferBytesPerSecond: null, measuredAt: '2026-01-01T00:00:00.000Z' };

function infoOf(name: EngineName, change: Partial<EngineInfo> = {}): EngineInfo {
  return { name, available: true, whyNot: null, device: `a ${name}`, memoryBytes: null, threads: 2, precisions: ['f64', 'f32'], version: '1', ...change };
}

function engineOf(name: EngineName, change: Partial<EngineInfo> = {}): Engine {
  return { ...absentEngine(name, 'made up'), info: () => infoOf(name, change) };
}

/** An engine whose work takes what its rates say, on a clock of its own. */
function timedEngine(name: EngineName, { copy, multiply, launch }: { copy: number; multiply: { f64: number; f32: number }; launch: number }): { engine: Engine; clock: () => number } {
  let seconds = 0;
  const rolling = async ({ series, length }: Columns, requests: readonly RollingRequest[]): Promise<Float64Array<ArrayBuffer>[]> => {
    seconds += launch + (16 * series * length) / copy;
    return requests.map(() => new Float64Array(0));
  };
  const engine: Engine = {
    ...engineOf(name),
    rolling,
    openCorrelation: async ({ series, length }, _request, { precision }) => {
      seconds += launch + (series * (series + 1) * length) / multiply[precision];
      return { tile: async () => ({ r: new Float64Array(0), n: length }), strongest: () => Promise.reject(new Error('not asked for')), close: () => {} };
    },
  };
  return { engine, clock: () => 1000 * seconds };
}

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corrente-calibration-'));
  path = join(folder, 'deep', 'calibration.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('measuring an engine', () => {
  it('finds its rates of copying and of multiplying in each precision, and what a call takes', async () => {
    const { engine, clock } = timedEngine('cpu', { copy: 1e10, multiply: { f64: 1e11, f32: 3e11 }, launch: 1e-5 });
    const found = await calibrate(engine, clock);
    expect(found.copyBytesPerSecond).toBeGreaterThan(0.99e10);
    expect(found.copyBytesPerSecond).toBeLessThan(1.01e10);
    expect(found.operationsPerSecond.f64 / 1e11).toBeCloseTo(1, 1);
    expect((found.operationsPerSecond.f32 ?? 0) / 3e11).toBeCloseTo(1, 1);
    expect(found.launchSeconds).toBeCloseTo(1e-5, 6);
    expect(found.transferBytesPerSecond).toBeNull();
  });

  it('takes the rate of moving for that of the transfer where there is a device apart', async () => {
    const { engine, clock } = timedEngine('cuda', { copy: 2e10, multiply: { f64: 3e13, f32: 6e13 }, launch: 2e-5 });
    const found = await calibrate(engine, clock);
    expect(found.copyBytesPerSecond).toBeNull();
    expect((found.transferBytesPerSecond ?? 0) / 2e10).toBeCloseTo(1, 1);
    expect(found.operationsPerSecond.f64 / 3e13).toBeCloseTo(1, 1);
  });

  it('stops growing its work once it takes long enough', async () => {
    const { engine, clock } = timedEngine('portable', { copy: 1e8, multiply: { f64: 1e9, f32: 1e9 }, launch: 1e-6 });
    const found = await calibrate(engine, clock);
    expect(found.operationsPerSecond.f32).toBeNull();
    expect(clock()).toBeLessThan(1000);
  });
});

describe('calibrations', () => {
  it('are measured once, and then read from the file', async () => {
    let measured = 0;
    const measure = async (): Promise<Calibration> => {
      measured++;
      return sample;
    };
    for (const _ of [1, 2]) {
      const [cuda, cpu] = await calibratedInfos([absentEngine('cuda', new Error('no driver')), engineOf('cpu')], { path, measure });
      expect(cuda?.calibration).toBeUndefined();
      expect(cpu?.calibration).toEqual(sample);
    }
    expect(measured).toBe(1);
  });

  it.each<[string, Partial<EngineInfo>]>([
    ['the device', { device: 'another' }],
    ['the threads', { threads: 64 }],
    ['the version', { version: '2' }],
  ])('are measured anew where %s changed, and the old ones stay', async (_what, change) => {
    const other = { ...sample, launchSeconds: 7 };
    await calibratedInfos([engineOf('cpu')], { path, measure: async () => sample });
    const [changed] = await calibratedInfos([engineOf('cpu', change)], { path, measure: async () => other });
    expect(changed?.calibration).toEqual(other);
    expect((await readCalibrations(path)).get(calibrationKey(infoOf('cpu')))).toEqual(sample);
  });

  it.each(['', 'not JSON', '{"format": 2}', '{"format": 1, "engines": {"x": {"launchSeconds": "soon"}}}'])('are measured anew where the file holds %j', async (content) => {
    await keepCalibration(path, 'x', sample);
    writeFileSync(path, content);
    const [cpu] = await calibratedInfos([engineOf('cpu')], { path, measure: async () => sample });
    expect(cpu?.calibration).toEqual(sample);
    expect((await readCalibrations(path)).size).toBe(1);
  });

  it('hold without a file where none can be written', async () => {
    mkdirSync(path, { recursive: true });
    const [cpu] = await calibratedInfos([engineOf('cpu')], { path, measure: async () => sample });
    expect(cpu?.calibration).toEqual(sample);
  });

  it('of another process that was quicker hold for both', async () => {
    await keepCalibration(path, 'x', sample);
    expect(await keepCalibration(path, 'x', { ...sample, launchSeconds: 7 })).toEqual(sample);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ format: 1, engines: { x: sample } });
  });

  it('are measured and kept anew where that is asked for, and stay where the engine cannot be measured then', async () => {
    const busy = { ...sample, launchSeconds: 7 };
    await calibratedInfos([engineOf('cpu'), engineOf('portable')], { path, measure: async () => busy });
    const measure = (engine: Engine): Promise<Calibration> => (engine.name === 'cpu' ? Promise.resolve(sample) : Promise.reject(new Error('it fails')));
    const [cpu, portable] = await calibratedInfos([engineOf('cpu'), engineOf('portable')], { path, measure, anew: true });
    expect([cpu?.calibration, portable?.calibration]).toEqual([sample, busy]);
    const known = await readCalibrations(path);
    expect(['cpu', 'portable'].map((name) => known.get(calibrationKey(infoOf(name as EngineName))))).toEqual([sample, busy]);
  });

  it('are none of an engine that cannot be measured', async () => {
    const [cpu] = await calibratedInfos([engineOf('cpu')], { path, measure: () => Promise.reject(new Error('it fails')) });
    expect(cpu).toEqual(infoOf('cpu'));
  });

  it("lie in the platform's folder where there is one, else in the user's folder of caches", () => {
    expect(calibrationPath({ CORRENTE_HOME: folder })).toBe(join(folder, 'calibration.json'));
    expect(calibrationPath({ CORRENTE_HOME: join(folder, 'none'), XDG_CACHE_HOME: '/caches' })).toBe(join('/caches', 'corrente', 'calibration.json'));
  });
});
