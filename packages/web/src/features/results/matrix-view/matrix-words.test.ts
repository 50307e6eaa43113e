import { correlationMethods } from '@corrente/shared/contract/analyses/correlation';
import { expect, it } from 'vitest';
import { matrixWords } from './matrix-words.ts';

it('every method has a symbol of its own, and one that is not known is a correlation', () => {
  expect(new Set(correlationMethods.map((method) => matrixWords({ method }).symbol)).size).toBe(correlationMethods.length);
  expect(matrixWords({}).symbol).toBe('r');
});

it('covariances are written by their digits, whatever their size', () => {
  const { figure, colours } = matrixWords({ method: 'covariance' });
  expect([figure(0.00012345678, 4), figure(-1234.5678, 4), figure(Number.NaN, 4), colours(0.0000268), figure(-1.23456e-9, 3)]).toEqual(['0.0001235', '−1235', 'no value', '±0.000027', '−1.23e−9']);
});
