/** One price for a bar. */
import { at, middle, nth, rowwise, typical, type Formula } from './series.ts';

export const prices: ReadonlyArray<readonly [string, Formula]> = [
  ['typical-price', (inputs) => [typical(nth(inputs, 0), nth(inputs, 1), nth(inputs, 2))]],
  ['median-price', (inputs) => [middle(nth(inputs, 0), nth(inputs, 1))]],
  ['weighted-close', (inputs) => [rowwise(nth(inputs, 0).length, (row) => (at(nth(inputs, 0), row) + at(nth(inputs, 1), row) + 2 * at(nth(inputs, 2), row)) / 4)]],
  ['average-price', (inputs) => [rowwise(nth(inputs, 0).length, (row) => inputs.reduce((total, input) => total + at(input, row), 0) / 4)]],
];
