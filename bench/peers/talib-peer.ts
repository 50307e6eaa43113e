/**
 * TA-Lib as a peer: the C library itself, whose source the npm package talib-binding carries. It is fetched and compiled
 * for this machine into the system's temporary folder, once; a C compiler is needed, and the registry the first time.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const source = 'talib-binding@1.0.2';
const flags = ['-O3', '-march=native', '-w'];
const run = promisify(execFile);

async function compiled(log: (text: string) => void): Promise<string> {
  const folder = join(tmpdir(), `corrente-bench-${source.replace('@', '-')}`);
  const program = join(folder, 'talib-peer');
  if (existsSync(program)) return program;
  log(`fetching ${source} and compiling TA-Lib`);
  await mkdir(folder, { recursive: true });
  await run('npm', ['pack', source, '--silent'], { cwd: folder });
  await run('tar', ['-xzf', `${source.replace('@', '-')}.tgz`], { cwd: folder });
  const c = join(folder, 'package', 'ta-lib', 'c');
  const files = async (name: string): Promise<string[]> => (await readdir(join(c, 'src', name))).filter((file) => file.endsWith('.c')).map((file) => join(c, 'src', name, file));
  const common = (await files('ta_common')).filter((file) => /ta_(global|version|retcode)\.c$/.test(file));
  const include = ['include', 'src/ta_common', 'src/ta_func'].map((name) => `-I${join(c, name)}`);
  await run('cc', [...flags, ...include, '-o', `${program}.new`, join(import.meta.dirname, 'talib-peer.c'), ...common, ...(await files('ta_func')), '-lm'], { maxBuffer: 2 ** 26 });
  await rename(`${program}.new`, program);
  return program;
}

export interface TalibPeer extends AsyncDisposable {
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds of one round over all series (see `talib-peer.c`), and a number that depends on it. */
  run(): Promise<{ ms: number; value: number }>;
}

/** `fields`: high, low, close and volume, each [series × length], one after the other. */
export async function startTalibPeer(fields: readonly Float64Array[], series: number, length: number, log: (text: string) => void): Promise<TalibPeer> {
  const program = await compiled(log);
  const folder = await mkdtemp(join(tmpdir(), 'corrente-bench-'));
  const file = join(folder, 'bars');
  await writeFile(file, Buffer.concat(fields.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))));
  const child = spawn(program, [file, String(series), String(length)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`TA-Lib ended with exit code ${child.exitCode}; its reason stands above.`);
    return line.value;
  };
  return {
    versions: { talib: `${await next()}, C source of ${source}, cc ${flags.join(' ')}` },
    async run() {
      child.stdin.write('\n');
      const [ms = Number.NaN, value = Number.NaN] = (await next()).split(' ').map(Number);
      return { ms, value };
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await new Promise((resolve) => child.once('close', resolve));
      await rm(folder, { recursive: true });
    },
  };
}
