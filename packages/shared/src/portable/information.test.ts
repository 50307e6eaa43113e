import { describe, expect, it } from 'vitest';
import type { Block } from './block.ts';
import { digammas } from './digamma.ts';
import { openInformation } from './information.ts';
import type { InformationRequest, NeighbourRule } from './information-rule.ts';
import { FixedSum, informationTables } from './information-tables.ts';
import { philox } from './random.ts';

const uniform = (seed: number, i: number): number => philox([i, 0, 0, 0], [seed, 0])[0] / 2 ** 32;

const columns = (seed: number, series: number, length: number): Block => ({
  values: Float64Array.from({ length: series * length }, (_, i) => uniform(seed, i) + uniform(seed + 100, i)),
  series,
  length,
  stride: length,
});

const rules: readonly NeighbourRule[] = [
  { estimator: 'ksg1', neighbours: 3, theiler: 0 },
  { estimator: 'ksg2', neighbours: 3, theiler: 2 },
  { estimator: 'kernel', width: 0.3, theiler: 0 },
];

describe('sums in fixed point', () => {
  it.each([4, 1000, 70_000])('are those of whole numbers of any size, for tables of %i points', (length) => {
    const { marginal, scale } = informationTables({ estimator: 'ksg1', neighbours: 4, theiler: 0 }, length, true);
    const psi = digammas(length + 1);
    const sum = new FixedSum();
    let whole = 0n;
    for (let i = 0; i < 3 * length; i++) {
      const n = Math.floor(uniform(7, i) * length);
      const entry = BigInt(Math.floor((psi[n + 1] ?? Number.NaN) * scale + 0.5));
      if (i % 3 === 0) sum.add(marginal, n);
      else sum.subtract(marginal, n);
      whole += i % 3 === 0 ? entry : -entry;
    }
    expect(sum.toNumber()).toBe(Number(whole));
    expect(whole < 2n ** 62n && whole > -(2n ** 62n)).toBe(true);
  });
});

describe('information with little memory', () => {
  it.each(rules)('is the same bit for bit: $estimator', async (rule) => {
    const [target, condition] = [columns(1, 1, 300), columns(2, 2, 300)];
    const requests: InformationRequest[] = [1, 2].map((series) => ({ source: columns(3 + series, series, 300), surrogates: 6, permute: { stream: [series, 0, 0, 0] } }));
    for (const given of [condition, columns(0, 0, 300)]) {
      const ample = await openInformation(target, given, rule, false, {});
      const scarce = await openInformation(target, given, rule, false, {}, { listBytes: 0, sourceValues: 1 });
      expect(await scarce.estimate(requests, {})).toEqual(await ample.estimate(requests, {}));
      expect(await scarce.counts(columns(9, 1, 300), {})).toEqual(await ample.counts(columns(9, 1, 300), {}));
    }
  });
});

describe('information', () => {
  it('refuses values that are missing or infinite, naming the place', async () => {
    const condition = columns(2, 2, 20);
    condition.values[27] = Number.NaN;
    await expect(openInformation(columns(1, 1, 20), condition, { estimator: 'ksg1', neighbours: 3, theiler: 0 }, false, {})).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('NaN at place 7 of dimension 1') });
  });

  it('ends an estimate that its onProgress aborts', async () => {
    const controller = new AbortController();
    const session = await openInformation(columns(1, 1, 900), columns(2, 1, 900), { estimator: 'ksg1', neighbours: 3, theiler: 0 }, false, {});
    const work = session.estimate([{ source: columns(3, 1, 900), surrogates: 500, permute: { stream: [1, 0, 0, 0] } }], { signal: controller.signal, onProgress: (fraction) => fraction > 0 && controller.abort() });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });
});
