import { expect, it } from 'vitest';
import { addressedDraft, draftAddress } from './draft-address.ts';

const dataset = `ds_${'0'.repeat(32)}`;
const searchOf = (address: string): URLSearchParams => new URL(address, 'http://page').searchParams;

it('fills in what the address was made of', () => {
  const address = draftAddress({ dataset, analysis: 'correlation', input: { field: 'close', series: ['A,B', 'C&D'], from: '2014-01-31' }, params: { method: 'spearman' } });
  expect(addressedDraft(searchOf(address))).toMatchObject({
    dataset,
    analysis: 'correlation',
    input: { field: 'close', series: ['A,B', 'C&D'], from: '2014-01-31', fill: 'none', transform: 'none' },
    params: { method: 'spearman' },
  });
});

it('takes the data set and the analysis where the settings are cut short, or are none', () => {
  for (const settings of ['{"input":{"fie', '{"input":{"nonsense":1},"params":{}}', '7']) {
    expect(addressedDraft(new URLSearchParams({ dataset, analysis: 'pca', settings }))).toMatchObject({ dataset, analysis: 'pca', params: {}, input: { fill: 'none', transform: 'none' } });
  }
  expect(addressedDraft(new URLSearchParams())).toMatchObject({ dataset: null, analysis: null });
});
