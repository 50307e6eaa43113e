import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { causeOfDeath, residentBytes, systemOomKills } from './cause-of-death.ts';

const death = { exitCode: null, signal: null, lastWords: '', systemRanOut: false } as const;

describe('causeOfDeath', () => {
  it('names the signal', () => {
    expect(causeOfDeath({ ...death, signal: 'SIGSEGV' })).toMatchObject({ code: 'engine-crashed', message: 'The engine process ended with signal SIGSEGV.' });
  });

  it('names the exit code, and the error rather than the stack below it', () => {
    const { stderr, status } = spawnSync(process.execPath, ['-e', 'throw new TypeError("no such plan")'], { encoding: 'utf8' });
    expect(causeOfDeath({ ...death, exitCode: status, lastWords: stderr })).toMatchObject({ code: 'engine-crashed', message: expect.stringMatching(/exit code 1, its last words ".*no such plan.*"\.$/) });
  });

  it('is the memory where the system ran out of it and sent SIGKILL, but not where only one of these is so', () => {
    expect(causeOfDeath({ ...death, signal: 'SIGKILL', systemRanOut: true }).code).toBe('engine-memory');
    expect(causeOfDeath({ ...death, signal: 'SIGKILL' }).code).toBe('engine-crashed');
    expect(causeOfDeath({ ...death, signal: 'SIGSEGV', systemRanOut: true }).code).toBe('engine-crashed');
  });

  it('is the memory where the JavaScript heap ran out of it', () => {
    const { stderr, signal, status } = spawnSync(process.execPath, ['--max-old-space-size=20', '-e', 'const all = []; for (;;) all.push({ a: all.length })'], { encoding: 'utf8' });
    expect(causeOfDeath({ exitCode: status, signal, lastWords: stderr.slice(-4096), systemRanOut: false }).code).toBe('engine-memory');
  });
});

describe.runIf(process.platform === 'linux')('what the system tells of a process', () => {
  it('is its resident memory in bytes, near what the process itself says', () => {
    expect(Math.abs((residentBytes(process.pid) ?? 0) / process.memoryUsage.rss() - 1)).toBeLessThan(0.2);
  });

  it('is nothing where there is no such process', () => {
    expect(residentBytes(2 ** 22 + 1)).toBeNull();
  });

  it('is a count of memory kills that does not fall', () => {
    const before = systemOomKills();
    expect(before).toBeGreaterThanOrEqual(0);
    expect(systemOomKills()).toBeGreaterThanOrEqual(before);
  });
});
