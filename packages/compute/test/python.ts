/** Python as a test oracle: the packages that are installed with the system, where there are any. */
import { spawnSync } from 'node:child_process';

const python = '/usr/bin/python3';

/** Whether Python is there and imports these modules. */
export function hasPython(...modules: readonly string[]): boolean {
  return spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0;
}

/**
 * Runs a script that reads `data` (JSON from its standard input) and leaves its answer in `result`; numpy is `np`. NaN
 * and infinity come back as null.
 */
export function askPython(script: string, data: unknown): unknown {
  const code = `import json, sys
import numpy as np
data = json.load(sys.stdin)
${script}
def plain(value):
    if isinstance(value, dict): return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)): return [plain(one) for one in value]
    if isinstance(value, np.ndarray): return plain(value.tolist())
    if isinstance(value, (np.floating, np.integer)): value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
json.dump(plain(result), sys.stdout)`;
  const done = spawnSync(python, ['-c', code], { input: JSON.stringify(data), encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (done.status !== 0) throw new Error(`python3 ended with ${done.status}: ${done.stderr}`);
  return JSON.parse(done.stdout);
}
