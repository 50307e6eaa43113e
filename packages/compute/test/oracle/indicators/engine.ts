/** An engine that has the indicators only, by the oracle: for tests of what stands around an engine. */
import { absentEngine } from '../../../src/engine/absent.ts';
import type { Columns, Engine, Reals } from '../../../src/engine/contract.ts';
import { engineWith } from '../../../src/engine/engine-with.ts';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { indicatorOracle } from './indicators.ts';

const rowOf = ({ values, stride, length }: Columns, series: number): Float64Array => values.subarray(series * stride, series * stride + length);

export const oracleEngine: Engine = engineWith(absentEngine('cpu', new Error('the oracle has indicators only')), {
  indicators(blocks, requests, { precision, signal, onProgress }) {
    if (signal?.aborted === true) return Promise.reject(new CorrenteError('cancelled', 'indicators were cancelled.'));
    const [first] = blocks;
    if (first === undefined) return Promise.reject(new Error('indicators need a block'));
    const results = requests.map(({ name, parameters, inputs }, done): Reals[] => {
      const each = Array.from({ length: first.series }, (_, s) => indicatorOracle(name, parameters, inputs.map((input) => rowOf(blocks[input] ?? first, s))));
      onProgress?.((done + 1) / requests.length);
      return (each[0] ?? []).map((_, output) => {
        const values = Float64Array.from(each.flatMap((outputs) => [...(outputs[output] ?? [])]));
        return precision === 'f32' ? Float32Array.from(values) : values;
      });
    });
    return Promise.resolve(results);
  },
});
