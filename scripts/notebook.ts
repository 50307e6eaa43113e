/**
 * `node scripts/notebook.ts [name …]`: starts a server of its own, executes the notebooks (or those that are named) on the
 * Deno kernel, and stores them with what they show. Needs Jupyter's nbconvert, which it does not install, and the folder of data outside the project
 * in CORRENTE_DATA; Deno comes from the npm registry, pinned in notebooks/package-lock.json. CORRENTE_SERVER names a server
 * that is there already, whose stored results answer identical jobs.
 */
import { loadConfig } from '@corrente/platform/config/config';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '../packages/cli/src/serve/start-platform.ts';
import { cleaned, NotebookError } from './notebook-file.ts';
import { isThere } from './system-packages.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'notebooks');
const secondsPerCell = 600;

/** A command to its end, its words shown as they come. Not spawnSync: the server lives in this process. */
async function run(command: string, args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new NotebookError(`${command} ended with exit code ${String(code)}.`);
}

/** The binary in the package of this platform; the package `deno` itself would only choose among these, by an install script. */
function denoBinary(): string | undefined {
  const scope = join(folder, 'node_modules', '@deno');
  return existsSync(scope) ? readdirSync(scope).map((name) => join(scope, name, process.platform === 'win32' ? 'deno.exe' : 'deno')).find((path) => existsSync(path)) : undefined;
}

async function installedDeno(): Promise<string> {
  if (denoBinary() === undefined) await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  const binary = denoBinary() ?? (isThere('deno') ? 'deno' : undefined);
  if (binary === undefined) throw new NotebookError(`notebooks/package-lock.json pins no Deno for ${process.platform} ${process.arch}. Please install deno.`);
  return binary;
}

/** Where Jupyter finds the kernel, and nothing of the person who runs this. */
function jupyterEnvironment(temporary: string, deno: string, server: string): NodeJS.ProcessEnv {
  const kernel = join(temporary, 'kernels', 'deno');
  mkdirSync(kernel, { recursive: true });
  writeFileSync(join(kernel, 'kernel.json'), JSON.stringify({ argv: [deno, 'jupyter', '--kernel', '--conn', '{connection_file}'], display_name: 'Deno', language: 'typescript' }));
  const at = (name: string): string => join(temporary, name);
  return { ...process.env, JUPYTER_PATH: temporary, JUPYTER_RUNTIME_DIR: at('runtime'), JUPYTER_CONFIG_DIR: at('config'), IPYTHONDIR: at('ipython'), DENO_DIR: at('deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1', CORRENTE_SERVER: server };
}

/** The server that is named, or one of our own. */
async function serverOf(address: string | undefined, home: string): Promise<{ readonly address: string; close(): Promise<void> }> {
  if (address !== undefined) return { address, close: async () => {} };
  return await startPlatform(loadConfig({ CORRENTE_LOG: 'warn', ...process.env, CORRENTE_HOME: home, CORRENTE_PORT: '0' }), { otherPortIfTaken: true });
}

/** The notebooks that are named, without or with their ending; all where none is. */
function chosen(names: readonly string[]): string[] {
  const all = readdirSync(folder).filter((file) => file.endsWith('.ipynb'));
  const unknown = names.find((name) => !all.includes(`${name.replace(/\.ipynb$/, '')}.ipynb`));
  if (unknown !== undefined) throw new NotebookError(`There is no notebook "${unknown}"; there are ${all.join(', ')}.`);
  return names.length === 0 ? all : names.map((name) => `${name.replace(/\.ipynb$/, '')}.ipynb`);
}

async function execute(data: string, notebooks: readonly string[]): Promise<void> {
  const deno = await installedDeno();
  const temporary = await mkdtemp(join(tmpdir(), 'corrente-notebook-'));
  try {
    const platform = await serverOf(process.env['CORRENTE_SERVER'], join(temporary, 'home'));
    try {
      for (const name of notebooks) {
        process.stderr.write(`${name} …\n`);
        const args = ['--to', 'notebook', '--execute', '--ExecutePreprocessor.kernel_name=deno', `--ExecutePreprocessor.timeout=${secondsPerCell}`, '--output-dir', temporary, '--output', name, name];
        await run('jupyter-nbconvert', args, { cwd: folder, env: jupyterEnvironment(temporary, deno, platform.address) });
        const executed = readFileSync(join(temporary, name), 'utf8');
        writeFileSync(join(folder, name), cleaned(executed, [temporary, root, data, platform.address]));
      }
    } finally {
      await platform.close();
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const data = process.env['CORRENTE_DATA'];
try {
  if (!isThere('jupyter-nbconvert')) throw new NotebookError('Please install Jupyter’s nbconvert: apt-get install jupyter-nbconvert, or pip install nbconvert.');
  if (data === undefined) throw new NotebookError('Please set CORRENTE_DATA to the folder of the data that are not part of this project.');
  await execute(data, chosen(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof NotebookError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
