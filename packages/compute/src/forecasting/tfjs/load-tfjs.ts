/**
 * TensorFlow.js, loaded with the first model that needs it: from `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`
 * where one of them is installed and loads, otherwise its parts with the WebAssembly backend.
 */
import type * as Core from '@tensorflow/tfjs-core';
import type * as Layers from '@tensorflow/tfjs-layers';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { addChainedOperations } from './chained-operations.ts';
import { restoreNodeFunctions } from './node-functions.ts';

export type TfjsBackend = 'tensorflow' | 'wasm' | 'cpu';

export interface Tfjs {
  readonly core: typeof Core;
  readonly layers: typeof Layers;
  /** Best first. */
  readonly backends: readonly TfjsBackend[];
  /** What is to be said of the choice, such as why a package that is there did not load. */
  readonly notes: readonly string[];
}

/** Both downloads at install time, so that they are no dependency; the folder that they are installed in may be named. */
const nodePackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

let loaded: Promise<Tfjs> | undefined;

/** The one TensorFlow.js of this process: its backends and its list of tensors are global. */
export async function loadTfjs(): Promise<Tfjs> {
  loaded ??= load(process.env['CORRENTE_TFJS_NODE']);
  return await loaded;
}

async function load(folder: string | undefined): Promise<Tfjs> {
  const { found, notes } = nodeTfjs(folder);
  if (found !== null) return { ...found, backends: ['tensorflow', 'cpu'], notes };
  const [core, layers, wasm] = await Promise.all([import('@tensorflow/tfjs-core'), import('@tensorflow/tfjs-layers'), import('@tensorflow/tfjs-backend-wasm'), import('@tensorflow/tfjs-backend-cpu')]);
  // Without checks of each operation, and without words on the terminal.
  core.enableProdMode();
  addChainedOperations(core);
  wasm.setWasmPaths(`${join(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'), '..')}/`);
  const works = await core.setBackend('wasm').catch(() => false);
  return { core, layers, backends: works ? ['wasm', 'cpu'] : ['cpu'], notes: works ? notes : [...notes, 'The WebAssembly backend of TensorFlow.js does not start here.'] };
}

/** The node package that loads, of those that are installed beside this package or in the folder. Exported for its test. */
export function nodeTfjs(folder: string | undefined): { readonly found: Pick<Tfjs, 'core' | 'layers'> | null; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const roots = [import.meta.url, ...(folder === undefined || folder === '' ? [] : [join(folder, 'package.json')])];
  for (const name of nodePackages) {
    for (const root of roots) {
      const require = createRequire(root);
      let path: string;
      try {
        path = require.resolve(name);
      } catch {
        continue;
      }
      restoreNodeFunctions();
      try {
        const module: unknown = require(path);
        if (isTfjs(module)) {
          module.enableProdMode();
          return { found: { core: module, layers: module }, notes };
        }
        notes.push(`${name} is installed, but is not TensorFlow.js as it is known here.`);
      } catch (error) {
        notes.push(`${name} is installed, but does not load: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}.`);
      }
    }
  }
  return { found: null, notes };
}

/** Whether a module gives what is used of TensorFlow.js, core and layers together. */
function isTfjs(module: unknown): module is typeof Core & typeof Layers {
  if (typeof module !== 'object' || module === null) return false;
  return ['enableProdMode', 'setBackend', 'tidy', 'variableGrads', 'tensor', 'LayersModel', 'models'].every((name) => name in module);
}

/**
 * Makes a backend the one that computes, until something else awaits: TensorFlow.js has one for the whole process.
 * Throws `internal` where it does not start.
 */
export async function useBackend({ core }: Tfjs, backend: TfjsBackend): Promise<void> {
  while (core.getBackend() !== backend) {
    if (!(await core.setBackend(backend))) throw new CorrenteError('internal', `The backend ${backend} of TensorFlow.js does not start.`);
  }
}
