/** Exponential smoothing and Theta beside statsmodels, on the classics. */
import type { EtsForm } from '@corrente/shared/contract/analyses/forecast';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askPython, hasPython } from '../../../test/python.ts';
import { dataFolder, monthly } from '../../analyses/forecast/forecast.testing.ts';
import { classicalForecasts } from './classical.ts';
import { fitEtsForm } from './ets-fit.ts';
import { fitTheta } from './theta.ts';

const turn = (): Promise<void> => Promise.resolve();
const there = dataFolder !== undefined && hasPython('statsmodels', 'numpy');

const forms: readonly EtsForm[] = ['ANN', 'AAN', 'AAdN', 'AAA', 'AAdA', 'MAM', 'MAdM', 'MNM'];

describe.skipIf(!there).each([
  ['AirPassengers.csv', 1949],
  ['CO2.csv', 1959],
])('on %s (CORRENTE_DATA, and Python with statsmodels)', (file, year) => {
  const values = (): Float64Array<ArrayBuffer> => {
    const frame = monthly(file, year);
    return frame.values.slice(0, frame.length);
  };

  it('no form of exponential smoothing is less likely than statsmodels finds it', { timeout: 120_000 }, async () => {
    const series = values();
    const theirs = z.record(z.string(), z.object({ llf: z.number(), forecast: z.array(z.number()) })).parse(
      askPython(
        `import warnings
warnings.simplefilter('ignore')
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
result = {}
for form in data['forms']:
    kind = {'N': None, 'A': 'add', 'M': 'mul'}
    model = ETSModel(np.array(data['values']), error=kind[form[0]], trend=kind[form[1]], damped_trend='d' in form, seasonal=kind[form[-1]], seasonal_periods=12 if form[-1] != 'N' else None)
    fit = model.fit(disp=False, maxiter=10000)
    result[form] = {'llf': fit.llf, 'forecast': fit.forecast(24)}`,
        { forms, values: [...series] },
      ),
    );
    for (const form of forms) {
      const fit = await fitEtsForm(series, form, 12, turn);
      const their = theirs[form];
      if (fit === null || their === undefined) throw new Error(`${form} was not fitted`);
      // A twentieth of a unit of log-likelihood: theirs may reach the border of a parameter, ours stays 1e-4 off it.
      expect(fit.logLikelihood, form).toBeGreaterThan(their.llf - 0.05);
      // Where the likelihoods are the same, so are the forecasts, to a thousandth: the likelihood is flat at its top.
      if (Math.abs(fit.logLikelihood - their.llf) > 0.05) continue;
      const forecasts = classicalForecasts({ model: 'ets', fit }, series, Int32Array.of(series.length), 24);
      for (const [h, value] of their.forecast.entries()) expect(Math.abs(forecasts[h]! - value), `${form} at ${h + 1}`).toBeLessThan(5e-3 * Math.abs(value));
    }
  });

  it('the Theta method forecasts within a fiftieth of statsmodels, with no more squared error', { timeout: 60_000 }, async () => {
    const series = values();
    const theirs = z.object({ alpha: z.number(), sse: z.number(), b0: z.number(), forecast: z.array(z.number()), seasonal: z.array(z.number()) }).parse(
      askPython(
        `from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.seasonal import seasonal_decompose
y = np.array(data['values'])
fit = ThetaModel(y, period=12, deseasonalize=True, use_test=False, method='auto').fit()
seasonal = seasonal_decompose(y, model='multiplicative', period=12).seasonal
plain = y / seasonal
level = plain[0]
sse = 0
for value in plain:
    sse += (value - level) ** 2
    level += fit.params['alpha'] * (value - level)
result = {'alpha': fit.params['alpha'], 'b0': fit.params['b0'], 'sse': sse, 'forecast': np.array(fit.forecast(24)), 'seasonal': seasonal[:12]}`,
        { values: [...series] },
      ),
    );
    const fit = await fitTheta(series, 12, turn);
    for (const [k, index] of theirs.seasonal.entries()) expect(Math.abs(fit.indices[k]! - index)).toBeLessThan(1e-12);
    expect(2 * fit.drift).toBeCloseTo(theirs.b0, 9);
    expect(fit.sse).toBeLessThanOrEqual(theirs.sse * (1 + 1e-9));
    // Their first level is the first value, ours is fitted: alpha differs, and with it the last level a little.
    const forecasts = classicalForecasts({ model: 'theta', fit }, series, Int32Array.of(series.length), 24);
    for (const [h, value] of theirs.forecast.entries()) expect(Math.abs(forecasts[h]! - value)).toBeLessThan(0.02 * Math.abs(value));
  });
});
