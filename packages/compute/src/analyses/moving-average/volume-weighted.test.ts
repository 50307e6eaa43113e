import { expect, it } from 'vitest';
import { gaussianColumns } from '../../../test/series/columns.ts';
import { portableEngine } from '../../engine/portable.ts';
import { volumeWeighted } from './volume-weighted.ts';

it('the progress of averages weighted by volume climbs over both sums, to the end', async () => {
  const fractions: number[] = [];
  const columns = gaussianColumns(2, 500);
  await volumeWeighted(portableEngine(), columns, columns, [5, 20], { precision: 'f64', onProgress: (fraction) => fractions.push(fraction) });
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions.at(-1)).toBeGreaterThanOrEqual(0.5);
});
