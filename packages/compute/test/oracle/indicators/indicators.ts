/** Every indicator of the catalogue, slow and plain: textbook loops over the rows where all inputs are present. */
import { averages } from './averages.ts';
import { bands } from './bands.ts';
import { momentum } from './momentum.ts';
import { oscillators } from './oscillators.ts';
import { prices } from './prices.ts';
import { regressions } from './regressions.ts';
import type { Formula, Series } from './series.ts';
import { trend } from './trend.ts';
import { volatility } from './volatility.ts';
import { volume } from './volume.ts';

export const indicatorFormulas: ReadonlyMap<string, Formula> = new Map([...averages, ...bands, ...trend, ...momentum, ...oscillators, ...volatility, ...volume, ...regressions, ...prices]);

/**
 * The outputs of an indicator of one series, in the catalogue's order; `inputs` and `parameters` are too. Rows where an
 * input is missing are left out first, and missing in the end.
 */
export function indicatorOracle(name: string, parameters: readonly number[], inputs: readonly Float64Array[]): Series[] {
  const formula = indicatorFormulas.get(name);
  if (formula === undefined) throw new Error(`there is no indicator ${name}`);
  const length = inputs[0]?.length ?? 0;
  const rows = Array.from({ length }, (_, row) => row).filter((row) => inputs.every((input) => !Number.isNaN(input[row])));
  const present = inputs.map((input) => Float64Array.from(rows, (row) => input[row] ?? Number.NaN));
  return formula(present, parameters).map((output) => {
    const whole = new Float64Array(length).fill(Number.NaN);
    for (const [place, row] of rows.entries()) whole[row] = output[place] ?? Number.NaN;
    return whole;
  });
}
