import { describe, expect, it } from 'vitest';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { dependentSpaces } from '../../test/series/information.ts';
import { gaussians } from '../../test/series/random.ts';
import { epochRequest, originsOf, problemOf, withOutputs, withTrainer } from './engine.cases.trainer-models.ts';
import { runEngineCases } from './engine.cases.vitest.ts';
import { portableEngine } from './portable.ts';

runEngineCases('portable engine', portableEngine());

describe('portable engine on one thread', () => {
  it.each(['f64', 'f32'] as const)('lets the event loop turn and reports progress while a tile is computed (%s)', async (precision) => {
    const session = await portableEngine().openCorrelation(gaussianColumns(250, 1500, { seed: 81, missing: 0.1 }), { method: 'pearson', ddof: 0 }, { precision });
    let turns = 0;
    const fractions: number[] = [];
    const timer = setInterval(() => turns++, 1);
    try {
      await session.tile(0, 250, 0, 250, { precision, onProgress: (fraction) => fractions.push(fraction) });
    } finally {
      clearInterval(timer);
      session.close();
    }
    expect(turns).toBeGreaterThan(2);
    expect(fractions.length).toBeGreaterThan(2);
    expect(fractions.at(-1)).toBeGreaterThan(0.5);
  });

  it('lets the event loop turn between rows whose windows are long', async () => {
    const fractions: number[] = [];
    const columns = gaussianColumns(1, 60_600, { seed: 82 });
    await portableEngine().rolling(columns, [{ kind: 'kurtosis', window: 60_000, ddof: 0 }], { precision: 'f64', onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.length).toBeGreaterThan(6);
  });

  it('lets the event loop turn and reports progress while information is estimated', async () => {
    const { x, y, z } = dependentSpaces([1, 1, 3], 1000, { seed: 83 });
    const session = await portableEngine().openInformation(y, z, { estimator: 'ksg1', neighbours: 4, theiler: 0 }, { precision: 'f64' });
    let turns = 0;
    const fractions: number[] = [];
    const timer = setInterval(() => turns++, 1);
    try {
      await session.estimate([{ source: x, surrogates: 150, permute: { stream: [1, 0, 0, 0] } }], { precision: 'f64', onProgress: (fraction) => fractions.push(fraction) });
    } finally {
      clearInterval(timer);
      session.close();
    }
    expect(turns).toBeGreaterThan(2);
    expect(fractions.length).toBeGreaterThan(2);
    expect(fractions.at(-1)).toBeGreaterThan(0.5);
  });

  it('lets the event loop turn and reports progress while a model is trained', async () => {
    const shape = { steps: 20, features: 2, targets: 1, groups: 1, horizon: 1, length: 600 };
    const problem = problemOf(withOutputs([{ kind: 'lstm', units: 24, sequences: false }], shape), shape);
    let turns = 0;
    const fractions: number[] = [];
    const timer = setInterval(() => turns++, 1);
    try {
      await withTrainer(portableEngine(), problem, 'f64', (session) => session.epoch(epochRequest(originsOf(problem)), { precision: 'f64', onProgress: (fraction) => fractions.push(fraction) }));
    } finally {
      clearInterval(timer);
    }
    expect(turns).toBeGreaterThan(2);
    expect(fractions.length).toBeGreaterThan(2);
    expect(fractions.at(-1)).toBeGreaterThan(0.5);
  });

  it('says that gpu.js is not opened before float32 is asked for, and names its backend after', async () => {
    const engine = portableEngine();
    expect(engine.info().device).toContain('not opened');
    await engine.rolling(columnsOf([gaussians(82, 9)]), [{ kind: 'mean', window: 3, ddof: 0 }], { precision: 'f64' });
    expect(engine.info().device).toContain('not opened');
    await engine.rolling(columnsOf([gaussians(82, 9)]), [{ kind: 'mean', window: 3, ddof: 0 }], { precision: 'f32' });
    expect(engine.info().device).toMatch(/gpu\.js on (WebGPU|WebGL|WebAssembly|JavaScript)/);
  });

  it('refuses a tile of a closed session, and one in another precision than the session', async () => {
    const session = await portableEngine().openCorrelation(gaussianColumns(2, 9), { method: 'pearson', ddof: 0 }, { precision: 'f64' });
    await expect(session.tile(0, 2, 0, 2, { precision: 'f32' })).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('opened for f64') });
    session.close();
    await expect(session.tile(0, 2, 0, 2, { precision: 'f64' })).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('closed') });
  });
});
