import { describe, expect, it } from 'vitest';
import { correlation, correlationParams } from './analyses/correlation.ts';
import { movingAverage, movingAverageParams } from './analyses/moving-average.ts';
import { engineNames, type Calibration, type EngineInfo, type EngineName } from './engine.ts';
import { chooseAmong, enginesOf, inSeconds, leastSeconds, predictSeconds } from './engine-choice.ts';
import { CorrenteError } from './errors.ts';

function info(name: EngineName, change: Partial<EngineInfo> = {}): EngineInfo {
  return { name, available: true, whyNot: null, device: `a ${name}`, memoryBytes: null, threads: 1, precisions: ['f64', 'f32'], version: '1', ...change };
}

function calibration(change: Partial<Calibration> = {}): Calibration {
  return { copyBytesPerSecond: 1e10, operationsPerSecond: { f64: 1e10, f32: 2e10 }, launchSeconds: 0, transferBytesPerSecond: null, measuredAt: '2026-01-01T00:00:00.000Z', ...change };
}

/** A GPU that multiplies fast and is reached slowly, and a CPU. */
const gpu = info('cuda', { calibration: calibration({ copyBytesPerSecond: null, operationsPerSecond: { f64: 1e13, f32: 5e13 }, launchSeconds: 1e-3, transferBytesPerSecond: 1e9 }) });
const cpu = info('cpu', { calibration: calibration() });
const portable = info('portable', { calibration: calibration({ copyBytesPerSecond: 1e9, operationsPerSecond: { f64: 1e9, f32: null } }) });
const noDriver = info('cuda', { available: false, whyNot: 'no NVIDIA driver answers.' });

const nothing = { operations: 0, bytes: 0 };
const multiplying = { operations: 1e12, bytes: 1e8 };
const moving = { operations: 1e8, bytes: 1e10 };

function refusal(call: () => unknown): { code: string; detail: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof CorrenteError) return { code: error.code, detail: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the predicted seconds', () => {
  const idle = predictSeconds(nothing, cpu, 'f64');

  it('are the longer of computing and moving, after the launch and the transfer', () => {
    expect(predictSeconds(multiplying, cpu, 'f64') - idle).toBeCloseTo(100, 9);
    expect(predictSeconds(moving, cpu, 'f64') - idle).toBeCloseTo(1, 9);
    expect(predictSeconds(multiplying, gpu, 'f64') - idle).toBeCloseTo(0.001 + 0.1 + 0.1, 9);
    expect(predictSeconds(moving, gpu, 'f64') - idle).toBeCloseTo(0.001 + 10 + 1e-5, 9);
  });

  it('take the rate of the precision, and that of f64 where f32 was not measured', () => {
    expect(predictSeconds(multiplying, cpu, 'f32') - idle).toBeCloseTo(50, 9);
    expect(predictSeconds(multiplying, portable, 'f32')).toBe(predictSeconds(multiplying, portable, 'f64'));
  });

  it('of an engine that was not measured are those of an ordinary machine, by its threads', () => {
    const one = predictSeconds(multiplying, info('cpu', { threads: 1 }), 'f64') - idle;
    expect(one).toBeGreaterThan(1);
    expect(predictSeconds(multiplying, info('cpu', { threads: 4 }), 'f64') - idle).toBeCloseTo(one / 4, 9);
  });
});

describe('the choice of auto', () => {
  it('takes the GPU to multiply and the CPU to move, and says what each would take', () => {
    expect(chooseAmong([gpu, cpu, portable], 'auto', 'f64', engineNames, multiplying)).toMatchObject({ name: 'cuda', reason: 'auto: cuda should take 220 ms; cpu 100 s, portable 17 min' });
    expect(chooseAmong([gpu, cpu, portable], 'auto', 'f64', engineNames, moving)).toMatchObject({ name: 'cpu', reason: 'auto: cpu should take 1 s; cuda 10 s, portable 10 s' });
  });

  it('takes the better engine where it is within a tenth of the fastest', () => {
    const near = info('cuda', { calibration: calibration({ operationsPerSecond: { f64: 0.95e10, f32: null } }) });
    expect(chooseAmong([near, cpu], 'auto', 'f64', engineNames, multiplying)).toMatchObject({ name: 'cuda', reason: 'auto: cuda should take 110 s, hardly more than the fastest; cpu 100 s' });
    const far = info('cuda', { calibration: calibration({ operationsPerSecond: { f64: 0.85e10, f32: null } }) });
    expect(chooseAmong([far, cpu], 'auto', 'f64', engineNames, multiplying).name).toBe('cpu');
  });

  it('takes the best engine for a job that is over before it matters', () => {
    expect(chooseAmong([gpu, cpu, portable], 'auto', 'f64', engineNames, nothing).name).toBe('cuda');
  });

  it('says why a better engine could not be taken', () => {
    expect(chooseAmong([noDriver, cpu], 'auto', 'f64', engineNames, moving).reason).toBe('auto: cpu is the only engine that can, and should take 1 s; cuda is not available (no NVIDIA driver answers)');
    expect(chooseAmong([info('cuda', { precisions: ['f32'] }), cpu, portable], 'auto', 'f64', ['cuda', 'portable'], moving)).toMatchObject({
      name: 'portable',
      reason: 'auto: portable is the only engine that can, and should take 10 s; cuda does not compute in f64 (f32 only), cpu does not run this analysis with these parameters (cuda, portable do)',
    });
  });

  it('refuses where no engine can, with the reason of each', () => {
    expect(refusal(() => chooseAmong([noDriver, cpu], 'auto', 'f64', ['cuda'], moving))).toEqual({
      code: 'engine-unavailable',
      detail: 'The job asks for engine auto in f64: cuda is not available (no NVIDIA driver answers), cpu does not run this analysis with these parameters (cuda do).',
    });
    expect(refusal(() => chooseAmong([info('cpu', { precisions: ['f32'] })], 'auto', 'f64', engineNames, moving)).code).toBe('precision-unsupported');
  });
});

describe('an engine asked for by name', () => {
  it('is taken, however slow', () => {
    expect(chooseAmong([gpu, cpu, portable], 'portable', 'f64', engineNames, multiplying)).toMatchObject({ name: 'portable', reason: 'portable: asked for by name' });
  });

  it('is an error where it is absent, does not run the job or lacks the precision, never another engine', () => {
    expect(refusal(() => chooseAmong([noDriver, cpu], 'cuda', 'f64', engineNames, moving))).toEqual({
      code: 'engine-unavailable',
      detail: 'The job asks for engine cuda in f64: cuda is not available (no NVIDIA driver answers).',
    });
    expect(refusal(() => chooseAmong([cpu, portable], 'portable', 'f64', ['cpu'], moving)).code).toBe('engine-unavailable');
    expect(refusal(() => chooseAmong([info('cuda', { precisions: ['f32'] }), cpu], 'cuda', 'f64', engineNames, moving)).code).toBe('precision-unsupported');
  });
});

describe('the engines of a job', () => {
  it('are those that compute its parameters, best first', () => {
    expect(enginesOf(movingAverage, movingAverageParams.parse({ kinds: ['kama'] }), 'f64')).not.toContain('portable');
    expect(enginesOf(correlation, correlationParams.parse({ method: 'kendall' }), 'f64')).toContain('portable');
    expect(enginesOf(correlation, correlationParams.parse({}), 'f64')).toEqual(engineNames);
    expect(enginesOf({ ...correlation, enginesFor: () => ['portable', 'cpu'] }, correlationParams.parse({}), 'f64')).toEqual(['cpu', 'portable']);
  });
});

it('the least of nothing is nothing', () => {
  expect(leastSeconds([])).toBeUndefined();
});

it.each([[0.0212, '21 ms'], [0.9999, '1 s'], [1.26, '1.3 s'], [119, '120 s'], [3600, '60 min']])('%s seconds are %s in words', (seconds, words) => {
  expect(inSeconds(seconds)).toBe(words);
});
