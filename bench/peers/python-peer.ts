/**
 * A peer in Python, kept running so that its calls can be taken in turn with ours. The script defines `setup(**kw)`
 * once and `run()`; only `run()` is timed, inside Python, so that talking to it costs it nothing.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const driver = `
import sys, json, time
scope = {}
exec(compile(sys.stdin.readline().encode().decode('unicode_escape'), 'peer', 'exec'), scope)
state = scope['setup']()
print(json.dumps({"versions": scope['versions']()}), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    value = scope['run'](state)
    spent = (time.perf_counter() - start) * 1000
    print(json.dumps({"ms": spent, "check": float(scope['check'](value))}), flush=True)
    del value
`;

/**
 * OpenBLAS of 2022 (0.3.21, Debian's) does not know later processors and takes kernels a quarter as fast for them: where
 * the machine has AVX-512 it is told so, lest we win against a peer with its hands tied.
 */
function blasKernels(): Record<string, string> {
  const wide = existsSync('/proc/cpuinfo') && /\bavx512vl\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  return wide ? { OPENBLAS_CORETYPE: 'SKYLAKEX' } : {};
}

export interface PythonPeer extends AsyncDisposable {
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds of one run, and a number of its result to compare with ours. */
  run(): Promise<{ ms: number; check: number }>;
}

export async function startPythonPeer(script: string, env: Record<string, string> = {}): Promise<PythonPeer> {
  const child = spawn('/usr/bin/python3', ['-c', driver], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...blasKernels(), ...process.env, ...env } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, never>> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`The Python peer ended with exit code ${child.exitCode}; its reason stands above.`);
    return JSON.parse(line.value);
  };
  child.stdin.write(`${script.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`);
  const { versions } = await next();
  return {
    versions: versions ?? {},
    async run() {
      child.stdin.write('run\n');
      const { ms = Number.NaN, check = Number.NaN } = await next();
      return { ms, check };
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await new Promise((resolve) => child.once('close', resolve));
    },
  };
}
