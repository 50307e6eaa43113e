/**
 * `npm test`: what the tests need, the static checks, the unit and cross-package tests, the end-to-end tests in
 * Chromium. The last line is `N passed, N failed` (and `, N skipped` where some were), over all of them.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { checks, runCheck } from './checks.ts';
import { installSystemPackages } from './system-packages.ts';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const vitestReport = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numPendingTests: z.int(), numTodoTests: z.int(), success: z.boolean() });
const playwrightReport = z.object({ stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }) });

async function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

async function staticChecks(): Promise<Count> {
  const count: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    const ok = await runCheck(check);
    count[ok ? 'passed' : 'failed'] += 1;
    process.stdout.write(` ${ok ? '✓' : '✗'} ${check.name}\n`);
  }
  return count;
}

/** A runner that wrote no readable report, or failed with all its tests passing, counts as one failed test. */
function counted(code: number, file: string, read: (text: string) => Count): Count {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const count = read(readFileSync(file, 'utf8'));
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

async function vitest(reports: string): Promise<Count> {
  const file = join(reports, 'vitest.json');
  const code = await run(bin('vitest'), ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]);
  return counted(code, file, (text) => {
    const report = vitestReport.parse(JSON.parse(text));
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + report.numTodoTests };
  });
}

async function endToEnd(reports: string): Promise<Count> {
  const file = join(reports, 'playwright.json');
  const code = await run(bin('playwright'), ['test', '-c', join(root, 'test', 'e2e', 'playwright.config.ts'), '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  return counted(code, file, (text) => {
    const { stats } = playwrightReport.parse(JSON.parse(text));
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
  });
}

installSystemPackages([
  { command: 'chromium', packages: ['chromium'], for: 'the end-to-end tests' },
  { command: 'redis-server', packages: ['redis-server'], for: 'the tests of the queue on Redis' },
]);

const reports = mkdtempSync(join(tmpdir(), 'corrente-test-'));
const counts: Count[] = [];
try {
  for (const suite of [staticChecks, () => vitest(reports), () => endToEnd(reports)]) counts.push(await suite());
} finally {
  rmSync(reports, { recursive: true, force: true });
}
const total = (key: keyof Count): number => counts.reduce((sum, count) => sum + count[key], 0);
process.stdout.write(`\n${total('passed')} passed, ${total('failed')} failed${total('skipped') > 0 ? `, ${total('skipped')} skipped` : ''}\n`);
process.exit(total('failed') === 0 && total('passed') > 0 ? 0 : 1);
