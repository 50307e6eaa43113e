/** Installs Debian packages that tests or benchmarks need, where their command is missing, and says so. */
import { spawnSync } from 'node:child_process';

export interface SystemNeed {
  /** A command that is there when the need is met; or a Python import, as `python3:numpy`. */
  readonly command: string;
  readonly packages: readonly string[];
  readonly for: string;
}

export function isThere(command: string): boolean {
  const [program = '', module] = command.split(':');
  // Debian's modules belong to Debian's Python, whatever python3 comes first in the PATH.
  if (module !== undefined) return spawnSync(`/usr/bin/${program}`, ['-c', `import ${module}`]).status === 0;
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Throws nothing: a need that stays unmet shows in the tests that have it. */
export function installSystemPackages(needs: readonly SystemNeed[]): void {
  const missing = needs.filter((need) => !isThere(need.command));
  if (missing.length === 0) return;
  const words = missing.map((need) => `${need.packages.join(', ')} for ${need.for}`).join('; ');
  if (!isThere('apt-get')) {
    process.stderr.write(`Please install: ${words}.\n`);
    return;
  }
  process.stderr.write(`Installing from the system's packages: ${words} …\n`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean => {
    const [command = 'apt-get', ...rest] = [...sudo, 'apt-get', '-qq', ...args];
    return spawnSync(command, rest, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  };
  apt('update');
  if (!apt('install', '-y', '--no-install-recommends', ...missing.flatMap((need) => need.packages))) {
    process.stderr.write(`They could not be installed. Please install them by hand: ${words}.\n`);
  }
}
