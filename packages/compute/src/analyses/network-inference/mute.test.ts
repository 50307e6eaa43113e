import { expect, it } from 'vitest';
import { cpuEngine } from '../../engine/cpu.ts';
import { collect } from '../../run/collect.testing.ts';
import { linksOf, muteFrame, muteLinks } from './network.testing.ts';

const engine = cpuEngine();

it.skipIf(!engine.info().available)('the MuTE processes: every true link at its lag, significant, on the CPU engine', { timeout: 180_000 }, async () => {
  const result = await collect('network-inference', muteFrame(), { engine });
  expect(linksOf(result, true)).toEqual(expect.arrayContaining(muteLinks));
  expect(result.column('targets', 'samples')).toEqual([995, 995, 995, 995, 995]);
});
