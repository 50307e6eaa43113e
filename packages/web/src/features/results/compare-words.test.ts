import { describe, expect, it } from 'vitest';
import { comparisonSentence, isBetter } from './compare-words.ts';

const given = { metric: 'mse', model: 'NLinear', value: 0.374, baseline: 1.2944, against: 'repeating the last value' };

describe('comparisonSentence', () => {
  it('tells how much less the error is, or how much more', () => {
    expect(comparisonSentence(given)).toBe('The mean squared error of NLinear is 0.374, against 1.294 of repeating the last value: 71.1 % less.');
    expect(comparisonSentence({ ...given, value: 1.5 })).toMatch(/: 15\.9 % more\.$/);
  });

  it('tells no share of a metric of which more is better', () => {
    expect(comparisonSentence({ ...given, metric: 'auc', value: 0.49, baseline: 0.5, against: 'chance' })).toBe('The area under the ROC curve of NLinear is 0.49, against 0.5 of chance: no better.');
  });

  it('compares with nothing where there is no baseline', () => {
    expect(comparisonSentence({ ...given, baseline: Number.NaN })).toBe('The mean squared error of NLinear is 0.374.');
  });
});

describe('isBetter', () => {
  it('knows of which metrics more is better', () => {
    expect([isBetter('mse', 1, 2), isBetter('accuracy', 1, 2), isBetter('accuracy', 2, 1)]).toEqual([true, false, true]);
    expect([isBetter('mse', 1, 1), isBetter('mse', Number.NaN, 1)]).toEqual([null, null]);
  });
});
