import { expect, it } from 'vitest';
import { reals, storeOf, texts } from '../table-store.testing.ts';
import { reliabilityCurves } from './reliability.ts';

it('has a curve for each class by predicted probability, without empty bins', () => {
  const curves = reliabilityCurves(storeOf({ class: texts(['1', '1', '1', '2']), predicted: reals([0.8, 0.2, null, 0.5]), observed: reals([0.7, 0.3, null, 0.4]) }));
  expect(curves.map(({ name, points }) => [name, [...points.x], [...points.y]])).toEqual([['1', [0.2, 0.8], [0.3, 0.7]], ['2', [0.5], [0.4]]]);
});
