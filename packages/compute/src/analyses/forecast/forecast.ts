/** Forecasts: classical models series by series, trained ones epoch by epoch. */
import { forecast as contract, type forecastParams, isClassical } from '@corrente/shared/contract/analyses/forecast';
import type { Analysis } from '../analysis.ts';
import { classicalSteps } from './classical-steps.ts';
import { TrainedPlan } from './trained-steps.ts';
import { validateForecast } from './validate.ts';

export const forecast: Analysis<typeof forecastParams> = {
  contract,
  validate: validateForecast,
  plan: (input) => Promise.resolve(isClassical(input.params.model) ? { steps: classicalSteps(input), close() {} } : new TrainedPlan(input)),
};
