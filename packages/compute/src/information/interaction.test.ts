import { describe, expect, it } from 'vitest';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { openEntropy } from './entropy.ts';
import { defaultSettings } from './estimators.ts';
import { dualTotalCorrelation, neighbourMultiInformation, totalCorrelation } from './interaction.ts';

const options = { precision: 'f64' } as const;

function discrete() {
  const entropy = openEntropy('discrete', defaultSettings);
  if (entropy === null) throw new Error('there is no discrete entropy');
  return entropy;
}

describe('total correlation and its dual', () => {
  it('are 1 and 2 bits for XOR: pure synergy, O-information −1', async () => {
    const xor = columnsOf([Float64Array.of(0, 0, 1, 1), Float64Array.of(0, 1, 0, 1), Float64Array.of(0, 1, 1, 0)]);
    expect(await totalCorrelation(xor, discrete(), options)).toBe(1);
    expect(await dualTotalCorrelation(xor, discrete(), options)).toBe(2);
  });

  it('are 2 and 1 bits for three copies: pure redundancy, O-information 1', async () => {
    const copies = columnsOf([Float64Array.of(0, 1), Float64Array.of(0, 1), Float64Array.of(0, 1)]);
    expect(await totalCorrelation(copies, discrete(), options)).toBe(2);
    expect(await dualTotalCorrelation(copies, discrete(), options)).toBe(1);
  });
});

describe('neighbourMultiInformation', () => {
  it.for([1, 2] as const)('comes near the Gaussian value on Gaussian series, algorithm %i', async (algorithm) => {
    const data = gaussianColumns(3, 2000);
    const entropy = openEntropy('gaussian', defaultSettings);
    const truth = entropy === null ? Number.NaN : await totalCorrelation(data, entropy, options);
    expect(Math.abs((await neighbourMultiInformation(data, algorithm, { neighbours: 4, theiler: 0 }, options)) - truth)).toBeLessThan(0.05);
  });
});

describe('entropies', () => {
  it('are minus infinity for a constant variable, and for one that others determine', async () => {
    const entropy = openEntropy('gaussian', defaultSettings);
    const data = gaussianColumns(1, 50);
    expect(await entropy?.of(columnsOf([new Float64Array(50).fill(2)]), options)).toBe(Number.NEGATIVE_INFINITY);
    expect(await entropy?.of(columnsOf([data.values, data.values.map((value) => 3 * value)]), options)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('of Kozachenko and Leonenko come near the Gaussian one on Gaussian series', async () => {
    const data = gaussianColumns(2, 3000);
    const [near, truth] = await Promise.all([openEntropy('ksg1', defaultSettings)?.of(data, options), openEntropy('gaussian', defaultSettings)?.of(data, options)]);
    expect(Math.abs((near ?? Number.NaN) - (truth ?? Number.NaN))).toBeLessThan(0.05);
  });
});
