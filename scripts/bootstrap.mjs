// What stands behind `npm run demo`, `npm test` and their siblings: makes ready what the task needs, then runs it on
// Node 24. Needs only Node 20 and npm; each stage is skipped when its inputs have not changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, node24, packaged, pnpm12, root } from './node24.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

function fail(text) {
  say(`error: ${text}`);
  process.exit(1);
}

/** Runs a command to its end; its output is shown as it comes, or only where it failed. */
function run(what, command, args, { cwd = root, quiet = false } = {}) {
  const done = spawnSync(command, args, { cwd, env: environment(), stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2], encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status === 0) return true;
  if (quiet) say(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}`);
  say(`${what} failed${done.status === null ? ` (${done.signal ?? done.error?.message})` : ` with exit code ${done.status}`}.`);
  return false;
}

function* filesBelow(folder, skip = new Set(['node_modules', 'dist', 'build'])) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skip.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path, skip);
    else yield path;
  }
}

/** Does the work unless a stamp says it was done for the same inputs; the stamp holds their digest. */
function unlessDone(stamp, inputs, output, work) {
  const digest = createHash('sha256');
  for (const path of inputs) digest.update(path).update(readFileSync(path));
  const key = digest.digest('hex');
  if (existsSync(stamp) && existsSync(output) && readFileSync(stamp, 'utf8') === key) return;
  work();
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, key);
}

function toolchain() {
  const folder = join(root, 'toolchain');
  if (!packaged) {
    if (node24() === null) fail(`on ${process.platform}-${process.arch} start this with Node 24 (this is ${process.version}) and have pnpm 12 on the PATH.`);
    return;
  }
  unlessDone(join(folder, 'node_modules', '.stamp'), [join(folder, 'package-lock.json')], join(folder, 'node_modules'), () => {
    say('Fetching Node 24 and pnpm 12 …');
    if (!run('npm', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, quiet: true })) fail('the toolchain could not be installed; is the npm registry reachable?');
  });
}

function dependencies() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'package.json'));
  const inputs = [join(root, 'package.json'), join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml'), ...packages].filter((path) => existsSync(path));
  unlessDone(join(root, 'node_modules', '.corrente-stamp'), inputs, join(root, 'node_modules', '.pnpm'), () => {
    say('Installing packages …');
    if (!run('pnpm', pnpm12(), ['install', '--frozen-lockfile'], { quiet: true })) fail('the packages could not be installed; is the npm registry reachable?');
  });
}

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`], { env: environment() }).status === 0;

/** Builds the native engines. Without a compiler everything still works, on the portable engine, and this says so. */
function native() {
  const missing = [has('make') ? null : 'make', has('g++') || has('c++') ? null : 'a C++ compiler'].filter((tool) => tool !== null);
  if (missing.length > 0) {
    say(`There is no ${missing.join(' and no ')}: Corrente runs on its portable engine. For full speed install them (Debian: apt-get install g++ make) and run npm run build.`);
    return;
  }
  const folder = join(root, 'packages', 'compute', 'native');
  if (!existsSync(join(folder, 'build'))) say('Building the native engines (a minute or two, once) …');
  const jobs = String(Math.max(1, Math.min(8, Number(spawnSync('nproc', { encoding: 'utf8' }).stdout) || 2)));
  if (!run('make', 'make', ['-s', '-C', folder, `-j${jobs}`, 'all'], { quiet: true })) say('The native engines were not built: Corrente runs on its portable engine. The reason stands above.');
}

function web() {
  const folder = join(root, 'packages', 'web');
  const inputs = [folder, join(root, 'packages', 'shared', 'src')].flatMap((below) => [...filesBelow(below)]).filter((path) => statSync(path).isFile());
  unlessDone(join(folder, 'dist', '.stamp'), inputs, join(folder, 'dist', 'index.html'), () => {
    say('Building the dashboard …');
    if (!run('vite', pnpm12(), ['--filter', '@corrente/web', 'exec', 'vite', 'build'], { quiet: true })) fail('the dashboard could not be built.');
  });
}

const install = [toolchain, dependencies];
const everything = [...install, native, web];
const tasks = {
  setup: { stages: install },
  build: { stages: everything },
  demo: { stages: everything, script: 'scripts/demo.ts' },
  test: { stages: everything, script: 'scripts/test.ts' },
  'test-slow': { stages: everything, script: 'scripts/test-slow.ts' },
  check: { stages: install, script: 'scripts/check.ts' },
  bench: { stages: everything, script: 'packages/cli/bin/corrente.mjs', args: ['bench'] },
};

const [name = '', ...rest] = process.argv.slice(2);
const task = Object.hasOwn(tasks, name) ? tasks[name] : fail(`no task "${name}"; there are ${Object.keys(tasks).join(', ')}.`);
if (Number(process.versions.node.split('.')[0]) < 20) fail(`this is Node ${process.versions.node}; Node 20 or newer is needed.`);
for (const stage of task.stages) stage();
if (task.script !== undefined) {
  // The terminal's Ctrl-C reaches the script itself; we only wait for it to finish its own way.
  process.on('SIGINT', () => {});
  const done = spawnSync(node24(), [join(root, task.script), ...(task.args ?? []), ...rest], { cwd: root, env: environment(), stdio: 'inherit' });
  process.exit(done.status ?? 1);
}
