/** The line of least squares through the last n values, x(0) … x(n-1) from the oldest. */
import { own, parameterAt, period, type Indicator, type IndicatorInput } from './indicator.ts';

const value: readonly IndicatorInput[] = ['value'];
const full = (parameters: readonly number[]): number => parameterAt(parameters, 0) - 1;

export const regressions: readonly Indicator[] = [
  {
    name: 'linear-regression', title: 'Linear regression', group: 'regression', inputs: value, parameters: [period(14)], outputs: own('Linear regression'),
    formula: 'a + b (n - 1) of the line a + b i of least squares through x(i), i = 0 … n - 1',
    warmUp: full, source: 'TA-Lib LINEARREG',
  },
  {
    name: 'linear-regression-slope', title: 'Slope of linear regression', group: 'regression', inputs: value, parameters: [period(14)], outputs: own('Slope'),
    formula: 'b of the line a + b i of least squares through x(i), i = 0 … n - 1',
    warmUp: full, source: 'TA-Lib LINEARREG_SLOPE',
  },
  {
    name: 'linear-regression-angle', title: 'Angle of linear regression', group: 'regression', inputs: value, parameters: [period(14)], outputs: own('Angle, in degrees'),
    formula: '180 / π atan(b) of the line a + b i of least squares through x(i), i = 0 … n - 1',
    warmUp: full, source: 'TA-Lib LINEARREG_ANGLE',
  },
  {
    name: 'time-series-forecast', title: 'Time series forecast', group: 'regression', inputs: value, parameters: [period(14)], outputs: own('Forecast'),
    formula: 'a + b n, one row beyond the line a + b i of least squares through x(i), i = 0 … n - 1',
    warmUp: full, source: 'TA-Lib TSF',
  },
];
