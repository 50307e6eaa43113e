import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { LagCounts } from './lag-counts.tsx';

it('draws a column for each lag that a pair has, however many lags were looked at', () => {
  const longest = 200_000;
  const counts = Array.from({ length: 2 * longest + 1 }, (_, i) => ({ lag: i - longest, pairs: i === 0 ? 3 : i === longest ? 9 : i === longest + 5 ? 1 : 0 }));
  const drawn = renderToStaticMarkup(<LagCounts counts={counts} series={null} />);
  expect(drawn.match(/<rect/g)).toHaveLength(2);
  expect(drawn).toContain('<title>lag −200000: 3 pairs</title>');
  expect(drawn).toContain('13 pairs: 9 at lag 0, 4 where one leads.');
});
