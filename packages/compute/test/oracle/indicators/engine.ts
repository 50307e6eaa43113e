/** An engine that has the indicators only, by the oracle: for tests of what stands around an engine. */
import type { Columns, Engine, Reals } from '../../../src/engine/contract.ts';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { indicatorOracle } from './indicators.ts';

const absent = (operation: string) => () => Promise.reject(new Error(`the oracle has no ${operation}`));

const rowOf = ({ values, stride, length }: Columns, series: number): Float64Array => values.subarray(series * stride, series * stride + length);

export const oracleEngine: Engine = {
  name: 'cpu',
  info: () => {
    throw new Error('the oracle is no engine of a machine');
  },
  openCorrelation: absent('correlation'),
  openLeadLag: absent('lead-lag'),
  openRollingCorrelation: absent('rolling correlation'),
  rolling: absent('rolling statistics'),
  symmetricEigen: absent('eigenvalues'),
  invertSymmetric: absent('inverse'),
  openInformation: absent('information'),
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
};
