// Finds the Node 24 that every script of this repository runs on. Plain JavaScript: whatever Node started us reads it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const platform = `${process.platform}-${process.arch}`;
const toolchain = join(root, 'toolchain', 'node_modules');

/** Whether the pinned Node and pnpm come as packages for this platform. */
export const packaged = ['linux-x64', 'linux-arm64'].includes(platform);

/** The Node to run scripts on: the pinned one, or this one where it is a 24 already. Null: not there yet. */
export function node24() {
  const pinned = join(toolchain, `node-${platform}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  return process.versions.node.startsWith('24.') ? process.execPath : null;
}

export function pnpm12() {
  const pinned = join(toolchain, '@pnpm', `exe.${platform}`, 'pnpm');
  return existsSync(pinned) ? pinned : packaged ? null : 'pnpm';
}

/** The environment of our scripts: the pinned Node and pnpm come first, so that their children find them too. */
export function environment() {
  const folders = [node24(), pnpm12()].filter((file) => file !== null && file.includes('/')).map((file) => dirname(file));
  return { ...process.env, PATH: [...folders, process.env.PATH].join(':'), COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' };
}
