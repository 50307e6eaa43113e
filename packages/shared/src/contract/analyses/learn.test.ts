import { expect, it } from 'vitest';
import { describeAnalysis, parseParams } from './index.ts';
import { learn } from './learn.ts';

it('a name stands for the target of that series, and anything else but an object is told what is expected', () => {
  expect(parseParams(learn, { target: 'OT' }).target).toEqual({ series: 'OT', kind: null, ahead: 1 });
  expect(parseParams(learn, { target: 'OT' })).toEqual(parseParams(learn, { target: { series: 'OT' } }));
  expect(parseParams(learn, {}).target.series).toBeNull();
  expect(() => parseParams(learn, { target: 5 })).toThrow('/params/target expected the name of a series, or an object such as {"series": "OT"}');
  expect(() => parseParams(learn, { target: { series: 5 } })).toThrow('/params/target/series');
});

it('the catalogue describes the target as an object, of which a form is drawn', () => {
  const { params } = describeAnalysis(learn);
  expect(params).toMatchObject({ properties: { target: { title: 'Target', default: {}, $ref: '#/$defs/LearnTarget' } }, $defs: { LearnTarget: { type: 'object', properties: { series: { type: ['string', 'null'] } } } } });
});
