/** One price for a bar. */
import { own, type Indicator } from './indicator.ts';

const none = (): number => 0;

export const prices: readonly Indicator[] = [
  {
    name: 'typical-price', title: 'Typical price', group: 'price', inputs: ['high', 'low', 'close'], parameters: [], outputs: own('Typical price'),
    formula: '(h + l + c) / 3',
    warmUp: none, source: 'TA-Lib TYPPRICE',
  },
  {
    name: 'median-price', title: 'Median price', group: 'price', inputs: ['high', 'low'], parameters: [], outputs: own('Median price'),
    formula: '(h + l) / 2',
    warmUp: none, source: 'TA-Lib MEDPRICE',
  },
  {
    name: 'weighted-close', title: 'Weighted close price', group: 'price', inputs: ['high', 'low', 'close'], parameters: [], outputs: own('Weighted close'),
    formula: '(h + l + 2 c) / 4',
    warmUp: none, source: 'TA-Lib WCLPRICE',
  },
  {
    name: 'average-price', title: 'Average price', group: 'price', inputs: ['open', 'high', 'low', 'close'], parameters: [], outputs: own('Average price'),
    formula: '(o + h + l + c) / 4',
    warmUp: none, source: 'TA-Lib AVGPRICE',
  },
];
