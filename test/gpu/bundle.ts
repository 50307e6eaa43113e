/**
 * Bundles the GPU suite into dist/suite.mjs: one file that runs with a Node binary and the addon, and nothing else. The
 * series of a network that it infers, and the headers that building the addon takes, go beside it.
 *
 *   node test/gpu/bundle.ts
 */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { muteFile } from './network.ts';

const here = import.meta.dirname;

await build({
  entryPoints: [join(here, 'suite.ts')],
  outfile: join(here, 'dist', 'suite.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  logLevel: 'warning',
});

const headers = join(here, '..', '..', 'packages', 'compute', 'node_modules', 'node-addon-api');
for (const file of readdirSync(headers).filter((name) => name.endsWith('.h'))) cpSync(join(headers, file), join(here, 'dist', 'node-addon-api', file));

cpSync(join(here, '..', '..', 'packages', 'compute', 'test', 'series', muteFile), join(here, 'dist', muteFile));
for (const peer of ['correlation.cupy.py', 'trainer.torch.py']) cpSync(join(here, peer), join(here, 'dist', peer));
