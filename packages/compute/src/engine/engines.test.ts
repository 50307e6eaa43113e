import { engineNames, type Precision } from '@corrente/shared/contract/engine';
import { describe, expect, it } from 'vitest';
import { absentEngine } from './absent.ts';
import { chooseEngine, engineInfos, listEngines } from './engines.ts';

const portableFor = (precision: Precision): ReturnType<typeof chooseEngine> => chooseEngine({ engine: 'portable', precision, allowed: engineNames, need: { operations: 1, bytes: 1 } });

const noDriver = absentEngine('cuda', new Error('no NVIDIA driver answers'));

describe('the engines of this machine', () => {
  it('are all listed, best first, each available or saying why not', async () => {
    const infos = await engineInfos();
    expect(infos.map(({ name }) => name)).toEqual(engineNames);
    for (const { available, whyNot } of infos) expect(whyNot === null).toBe(available);
    expect(infos.find(({ name }) => name === 'portable')?.available).toBe(true);
  });

  it('are loaded once', async () => {
    expect(await listEngines()).toBe(await listEngines());
  });

  it('refuse every operation with the reason where one is absent', async () => {
    const columns = { values: new Float64Array(0), series: 0, length: 0, stride: 0 };
    const refused = { code: 'engine-unavailable', message: 'The cuda engine is not available: no NVIDIA driver answers' };
    await expect(noDriver.openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision: 'f64' })).rejects.toMatchObject(refused);
    await expect(noDriver.rolling(columns, [], { precision: 'f64' })).rejects.toMatchObject(refused);
  });

  it('name what runs in the precision of the job on the portable engine', async () => {
    const double = await portableFor('f64');
    expect(double.used).toEqual({ name: 'portable', device: 'JavaScript, one thread', precision: 'f64', reason: 'portable: asked for by name' });
    const single = await portableFor('f32');
    expect(single.used.device).toMatch(/^gpu\.js on (WebGPU|WebGL|WebAssembly|JavaScript)$/);
    expect(single.engine.info().device).toContain(single.used.device);
  });
});
