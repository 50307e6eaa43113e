import { describe, expect, it } from 'vitest';
import { reals, storeOf, texts, verdicts } from '../table-store.testing.ts';
import { atomBars, storageBars } from './bars-of.ts';

describe('atomBars', () => {
  it('names atoms by their sources, in the order of the lattice, with values of either sign', () => {
    const bars = atomBars(storeOf({ atom: texts(['{1}{2}', '{12}']), bits: reals([-0.25, 0.5]), kind: texts(['shared', 'synergy']), sources: texts(['{x}{y}', '{x,y}']), p: reals([null, null]) }));
    expect(bars).toMatchObject([
      { name: '{x}{y} · shared', value: -0.25, figure: '−0.250000', note: '', hollow: false },
      { name: '{x,y} · synergy', value: 0.5, figure: '0.500000', note: '' },
    ]);
  });

  it('goes by the atom where the table tells no more', () => {
    expect(atomBars(storeOf({ atom: texts(['{1}{23}']), bits: reals([0.1]), sources: texts([null]) }))).toMatchObject([{ name: '{1}{23}' }]);
  });

  it('tells the p of an atom, and draws hollow what is not significant', () => {
    const bars = atomBars(storeOf({ atom: texts(['{1}', '{2}']), bits: reals([0.1, 0.2]), p: reals([0.2, 0.00123]), significant: verdicts([false, true]) }));
    expect(bars.map(({ note, hollow }) => [note, hollow])).toEqual([['p 0.2, not significant', true], ['p 0.00123, significant', false]]);
  });
});

describe('storageBars', () => {
  const store = storeOf({ target: texts(['x', 'y', 'z', 'w']), omnibus_te: reals([0.1, null, 0.4, 0]), omnibus_p: reals([0.01, 1, 0.002, 1]), significant: verdicts([true, false, true, null]) });

  it('has the process that stores most first, and those without a value last', () => {
    expect(storageBars(store).map(({ name }) => name)).toEqual(['z', 'x', 'w', 'y']);
  });

  it('says that there is no value, and leaves a verdict that is not there unsaid', () => {
    const byName = new Map(storageBars(store).map((bar) => [bar.name, bar]));
    expect(byName.get('y')).toMatchObject({ figure: 'none', note: 'p 1, not significant', hollow: true });
    expect(byName.get('w')).toMatchObject({ figure: '0', note: 'p 1', hollow: false });
  });
});
