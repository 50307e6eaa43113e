import { describe, expect, it } from 'vitest';
import { placeErrors, segments } from './error-places.ts';

describe('placeErrors', () => {
  it('puts an error of a list entry at its list, and says which entry', () => {
    expect(placeErrors([{ pointer: '/params/windows/1', detail: 'must be at most 1259' }]).params).toEqual({ windows: { __errors: ['Entry 2: must be at most 1259'] } });
  });

  it('nests errors of nested parameters and keeps several at one place', () => {
    const { params } = placeErrors([
      { pointer: '/params/permutations/omnibus', detail: 'too small' },
      { pointer: '/params/permutations/omnibus', detail: 'not an integer' },
      { pointer: '/params/alpha', detail: 'too large' },
    ]);
    expect(params).toEqual({ permutations: { omnibus: { __errors: ['too small', 'not an integer'] } }, alpha: { __errors: ['too large'] } });
  });

  it('tells the groups of results apart, and what is missing of both', () => {
    const { input } = placeErrors([
      { pointer: '/input/results/a/1', detail: 'is queued' },
      { pointer: '/input/results/b/0', detail: 'is of correlation' },
      { pointer: '/input/results', detail: 'is needed' },
    ]);
    expect(Object.fromEntries(input)).toEqual({ 'results.a': ['Entry 2: is queued'], 'results.b': ['Entry 1: is of correlation'], results: ['is needed'] });
  });

  it('tells the input from the rest of the spec, and loses nothing without a field', () => {
    const placed = placeErrors([
      { pointer: '/input/series/3', detail: 'no such series' },
      { pointer: '/engine', detail: 'not here' },
      { pointer: '/params', detail: 'unrecognised key "x"' },
      { pointer: '', detail: 'not an object' },
    ]);
    expect(placed.input.get('series')).toEqual(['Entry 4: no such series']);
    expect(placed.spec.get('engine')).toEqual(['not here']);
    expect(placed.other.map(({ pointer }) => pointer)).toEqual(['/params', '']);
  });
});

describe('segments', () => {
  it('unescapes as RFC 6901 says, in that order', () => {
    expect(segments('/a~1b/m~0n/~01')).toEqual(['a/b', 'm~n', '~1']);
    expect(segments('')).toEqual([]);
    expect(segments('#/params/x')).toEqual(['params', 'x']);
  });
});
