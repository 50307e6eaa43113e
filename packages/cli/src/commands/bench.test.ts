import { describe, expect, it } from 'vitest';
import { benchmarkNames, loadBenchmark } from '../../../../bench/catalogue.ts';
import { compareResults } from './bench.ts';

const result = (name: string, ratio: number) => ({ name, unit: 'ms', cases: [{ case: 'one', ratio, ours: 1, peer: ratio }] });

describe('the comparison of two recorded results', () => {
  it('puts what got slower first, by how much its lead over the peer shrank', () => {
    const changes = compareResults([result('a', 4), result('b', 2)], [result('a', 2), result('b', 3)]);
    expect(changes.map(({ name, factor }) => [name, factor])).toEqual([
      ['a', 2],
      ['b', 2 / 3],
    ]);
  });

  it('leaves out cases that only one of them holds', () => {
    expect(compareResults([result('a', 4)], [result('b', 4)])).toEqual([]);
  });
});

describe('the benchmark catalogue', () => {
  it('says of every benchmark what it measures and what is wanted', async () => {
    for (const name of benchmarkNames) {
      const benchmark = await loadBenchmark(name);
      expect(benchmark?.summary, name).toMatch(/\w/);
      expect(benchmark?.target, name).toMatch(/\w/);
    }
  });
});
