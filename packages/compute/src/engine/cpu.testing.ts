/** CPU engines for tests: the addon decides once on its instruction set and threads, so each gets a copy of the file. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadNative, NativeEngine } from './native.ts';

/** Best first, as the addon lists them. */
export const isas: readonly string[] = process.arch === 'x64' ? ['avx512', 'avx2', 'baseline'] : ['baseline'];

/** A CPU engine with an instruction set and a number of threads of its own. */
export function freshCpuEngine({ isa, threads }: { isa?: string; threads: number }): NativeEngine {
  const folder = mkdtempSync(join(tmpdir(), 'corrente-addon-'));
  copyFileSync(join(process.env['CORRENTE_NATIVE_DIR'] ?? join(import.meta.dirname, '..', '..', 'native', 'build'), 'corrente_cpu.node'), join(folder, 'corrente_cpu.node'));
  const settings = { CORRENTE_NATIVE_DIR: folder, CORRENTE_THREADS: String(threads), CORRENTE_CPU_ISA: isa };
  const before = Object.fromEntries(Object.keys(settings).map((name) => [name, process.env[name]]));
  try {
    set(settings);
    const engine = new NativeEngine('cpu', loadNative('corrente_cpu.node'));
    engine.info();
    return engine;
  } finally {
    set(before);
    rmSync(folder, { recursive: true });
  }
}

function set(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
