/** The checks written in C++, and what the compiled files themselves must not hold. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');
const has = (tool: string): boolean => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
const run = (command: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
};

describe.skipIf(!has('make') || !has('g++'))('the native code', () => {
  it('passes its own checks of memory, threads, instruction sets and neighbours', { timeout: 300_000 }, () => {
    expect(run('make', ['-s', 'check'])).toMatch(/[1-9]\d* passed, 0 failed\n$/);
  });

  it.skipIf(!has('nm'))('shares no function between instruction sets: the linker would keep one, for every machine', { timeout: 300_000 }, () => {
    run('make', ['-s', 'cpu']);
    const objects = readdirSync(join(folder, 'build', 'isa'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.o'));
    expect(objects).toContain(join('kernels', 'baseline.o'));
    for (const object of objects) {
      const weak = run('nm', ['-C', join('build', 'isa', object)]).split('\n').filter((line) => / [WVui] /.test(line));
      expect(weak).toEqual([]);
    }
  });

  it('has the same symbols without CUDA, and says so', { timeout: 300_000 }, () => {
    const script = `
      const addon = require('./build/without-cuda/corrente_cuda.node');
      const control = () => new ArrayBuffer(24);
      const why = (promise) => promise.then(() => 'no error', (error) => error.code + ': ' + error.message);
      (async () => console.log(JSON.stringify([addon.describe(), await why(addon.rolling(control(), new Float64Array(3), 1, 3, 3, 'f64', [])), await why(addon.openCorrelation(control(), new Float64Array(3), 1, 3, 3, 'f64', 'pearson', 0)), await why(addon.openInformation(control(), new Float64Array(3), 1, 3, 3, new Float64Array(0), 0, 3, 3, 'f64', { estimator: 'ksg1', neighbours: 1, theiler: 0 }))])))();`;
    run('make', ['-s', 'cuda', 'NVCC=', 'B=build/without-cuda']);
    expect(JSON.parse(run(process.execPath, ['--eval', script]))).toEqual([
      { available: false, whyNot: 'this build has no CUDA', name: 'none', memoryBytes: 0, threads: 0 },
      'device: rolling: this build has no CUDA',
      'device: correlation: this build has no CUDA',
      'device: information: this build has no CUDA',
    ]);
  });
});
