import { partialInformationParams } from '@corrente/shared/contract/analyses/partial-information';
import { expect, it } from 'vitest';
import { sourceRows, sourcesOf } from './lagged-sources.ts';

it.each([[['x', { series: 'y', lag: 0 }, { series: 'x', lag: 3 }]], [null]])('gives back the sources that it was given: %j', (sources) => {
  expect(sourcesOf(sourceRows(sources))).toEqual(sources);
  expect(partialInformationParams.parse({ sources: sourcesOf(sourceRows(sources)) }).sources).toEqual(sources);
});

it('leaves out what is no source, and takes a source without a lag by its name', () => {
  expect(sourceRows(['x', 7, null, { lag: 1 }, { series: 'y' }])).toEqual([{ series: 'x', lag: null }, { series: 'y', lag: null }]);
  expect(sourceRows('x')).toEqual([]);
});
