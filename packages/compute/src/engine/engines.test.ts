import type { EngineInfo, EngineName, Precision } from '@corrente/shared/contract/engine';
import { engineNames } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { describe, expect, it } from 'vitest';
import { absentEngine } from './absent.ts';
import type { Engine } from './contract.ts';
import { chooseEngine, engineInfos, listEngines, pickEngine } from './engines.ts';

/** An engine that is there but does nothing: the choice reads only what it says of itself. */
function engine(name: EngineName, precisions: Precision[] = ['f64', 'f32']): Engine {
  const info: EngineInfo = { name, available: true, whyNot: null, device: `a ${name}`, memoryBytes: null, threads: null, precisions, version: '1' };
  return { ...absentEngine(name, 'not a real engine'), info: () => info };
}

const noDriver = absentEngine('cuda', new Error('no NVIDIA driver answers'));

/** The code and the detail of what the call throws. */
function refusal(call: () => unknown): { code: string; detail: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof CorrenteError) return { code: error.code, detail: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the choice of an engine', () => {
  it('takes the first engine that is available under auto, and says so', () => {
    const picked = pickEngine([engine('cuda'), engine('cpu')], 'auto', 'f64', engineNames);
    expect(picked.engine.name).toBe('cuda');
    expect(picked.reason).toBe('auto: cuda is the best engine');
  });

  it('says why a better engine was passed over', () => {
    const picked = pickEngine([noDriver, engine('cpu'), engine('portable')], 'auto', 'f64', engineNames);
    expect(picked.engine.name).toBe('cpu');
    expect(picked.reason).toBe('auto: cuda is not available (no NVIDIA driver answers), cpu is the next best');
  });

  it('passes over engines that lack the precision or the analysis', () => {
    const picked = pickEngine([engine('cuda', ['f32']), engine('cpu'), engine('portable')], 'auto', 'f64', ['cuda', 'portable']);
    expect(picked.engine.name).toBe('portable');
    expect(picked.reason).toBe('auto: cuda does not compute in f64 (f32 only), cpu does not run this analysis (cuda, portable do), portable is the next best');
  });

  it('refuses an engine asked for by name that is absent, with the reason, rather than taking another', () => {
    expect(refusal(() => pickEngine([noDriver, engine('cpu')], 'cuda', 'f64', engineNames))).toEqual({
      code: 'engine-unavailable',
      detail: 'The job asks for engine cuda in f64: cuda is not available (no NVIDIA driver answers).',
    });
  });

  it('refuses an engine asked for by name that does not run the analysis', () => {
    expect(refusal(() => pickEngine([engine('cpu'), engine('portable')], 'portable', 'f64', ['cpu'])).code).toBe('engine-unavailable');
  });

  it('refuses a precision that the engine asked for lacks, and one that no engine has under auto', () => {
    const engines = [engine('cuda', ['f32']), engine('cpu', ['f32'])];
    expect(refusal(() => pickEngine(engines, 'cpu', 'f64', engineNames)).code).toBe('precision-unsupported');
    expect(refusal(() => pickEngine(engines, 'auto', 'f64', engineNames)).code).toBe('precision-unsupported');
  });
});

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
    const double = await chooseEngine('portable', 'f64', engineNames);
    expect(double.used).toEqual({ name: 'portable', device: 'JavaScript, one thread', precision: 'f64', reason: 'portable: asked for by name' });
    const single = await chooseEngine('portable', 'f32', engineNames);
    expect(single.used.device).toMatch(/^gpu\.js on (WebGPU|WebGL|WebAssembly|JavaScript)$/);
    expect(single.engine.info().device).toContain(single.used.device);
  });
});
