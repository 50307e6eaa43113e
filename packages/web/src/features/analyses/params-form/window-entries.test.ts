import { movingAverageParams } from '@corrente/shared/contract/analyses/moving-average';
import { describe, expect, it } from 'vitest';
import { windowEntries, wrongWindows } from './window-entries.ts';

describe('windowEntries', () => {
  it('are numbers of rows and lengths of time, whatever their spaces and letters', () => {
    expect(windowEntries(['20', ' 5d ', '12 H', '90min'])).toEqual([20, '5d', '12h', '90min']);
  });

  it('begin anew with every figure after a space, and stand there once', () => {
    expect(windowEntries(['20 50 5 d', '50', ''])).toEqual([20, 50, '5d']);
  });

  it('keep what is no window', () => {
    expect(windowEntries(['5 Fortnights', '-3', '1.5'])).toEqual(['5 Fortnights', '-3', '1.5']);
  });
});

it('wrongWindows are exactly those that the contract refuses', () => {
  const typed = ['20', '0', '5d', '0d', '5x', '1.5', '1000000000', '1000000001', '-3', 'd'];
  const refused = typed.filter((text) => !movingAverageParams.safeParse({ kinds: ['mean'], windows: windowEntries([text]) }).success);
  expect(wrongWindows(windowEntries(typed))).toEqual(refused);
});
