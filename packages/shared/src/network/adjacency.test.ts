import { expect, it } from 'vitest';
import { adjacency, adjacencyWeights } from './adjacency.ts';
import type { NetworkLink } from './link.ts';

const links: NetworkLink[] = [
  { source: 'a', target: 'b', lag: 2, te: 0.25, p: 0.004, significant: true, p_lag: 3, variables: 2 },
  { source: 'b', target: 'c, "d"', lag: 0, te: 0.125, p: 0.01, significant: true, p_lag: 0, variables: 1 },
  { source: 'a', target: 'c, "d"', lag: 1, te: 0.5, p: 0.04, significant: false, p_lag: 1, variables: 1 },
  { source: 'b', target: 'a', lag: 4, te: null, p: null, significant: null, p_lag: 4, variables: 1 },
];
const processes = ['a', 'b', 'c, "d"', 'alone'];
const head = 'source,a,b,"c, ""d""",alone\n';

it.each([
  ['max-te-lag', 'a,,2,,\nb,,,0,\n"c, ""d""",,,,\nalone,,,,\n'],
  ['max-p-lag', 'a,,3,,\nb,,,0,\n"c, ""d""",,,,\nalone,,,,\n'],
  ['te', 'a,0,0.25,0,0\nb,0,0,0.125,0\n"c, ""d""",0,0,0,0\nalone,0,0,0,0\n'],
  ['binary', 'a,0,1,0,0\nb,0,0,1,0\n"c, ""d""",0,0,0,0\nalone,0,0,0,0\n'],
  ['variables', 'a,0,2,0,0\nb,0,0,1,0\n"c, ""d""",0,0,0,0\nalone,0,0,0,0\n'],
] as const)('the weights %s stand where row drives column, of significant links only', (weights, rows) => {
  expect(adjacency(links, processes, { weights })).toBe(head + rows);
});

it('every weight of the list has its case above', () => {
  expect([...adjacencyWeights].sort()).toEqual(['binary', 'max-p-lag', 'max-te-lag', 'te', 'variables']);
});

it('links that are not significant, and a te that is not known, stand there where asked for', () => {
  expect(adjacency(links, processes, { significantOnly: false })).toBe(`${head}a,0,0.25,0.5,0\nb,,0,0.125,0\n"c, ""d""",0,0,0,0\nalone,0,0,0,0\n`);
});

it('processes that only links name come after the others', () => {
  expect(adjacency(links.slice(0, 1), ['b'], { weights: 'binary' })).toBe('source,b,a\nb,0,0\na,1,0\n');
});
