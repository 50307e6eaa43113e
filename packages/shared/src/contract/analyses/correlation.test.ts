import { describe, expect, it } from 'vitest';
import { correlation, correlationParams } from './correlation.ts';

describe('the matrix table', () => {
  it('has one column per series, and no name twice even where a series is called series', () => {
    const [matrix] = correlation.tables(correlationParams.parse({}), { series: ['b', 'series', 'series_'], rows: 3, time: 'index' });
    expect(matrix?.columns.map(({ name }) => name)).toEqual(['series', 'b', 'series__', 'series_']);
  });
});
