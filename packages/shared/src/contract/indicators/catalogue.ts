/** Every indicator there is, a family after the other. */
import { averages } from './averages.ts';
import { bands } from './bands.ts';
import type { Indicator } from './indicator.ts';
import { momentum } from './momentum.ts';
import { oscillators } from './oscillators.ts';
import { prices } from './prices.ts';
import { regressions } from './regressions.ts';
import { trend } from './trend.ts';
import { volatility } from './volatility.ts';
import { volume } from './volume.ts';

export const indicatorCatalogue: readonly Indicator[] = [...averages, ...bands, ...trend, ...momentum, ...oscillators, ...volatility, ...volume, ...regressions, ...prices];

export const indicatorsByName: ReadonlyMap<string, Indicator> = new Map(indicatorCatalogue.map((indicator) => [indicator.name, indicator]));
