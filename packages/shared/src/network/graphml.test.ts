/** The document read back by a small strict reader; see the command line's tests for another's. */
import { describe, expect, it } from 'vitest';
import { graphml } from './graphml.ts';
import type { NetworkLink } from './link.ts';

const awkward = 'a <b> & "c" \'d\'\r\u0001é 日本';
const links: NetworkLink[] = [
  { source: awkward, target: 'b', lag: 2, te: 0.1 + 0.2, p: 1 / 501, significant: true, p_lag: 3, variables: 2 },
  { source: 'b', target: awkward, lag: 0, te: 1e-21, p: null, significant: null, p_lag: 0, variables: 1 },
  { source: 'outside', target: 'b', lag: 5, te: Infinity, p: 1, significant: false, p_lag: 5, variables: 1 },
];
const processes = ['alone', awkward, 'b'];
const text = graphml(links, processes);

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** A reader of the XML that we write: elements, attributes, text, the five entities and character references; all else throws. */
function read(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (body === xml) throw new Error('no XML declaration');
  const token = /<\/(\w+)>|<(\w+)((?: [\w.:]+="[^"<]*")*)(\/?)>|([^<]+)|(.)/gsu;
  for (const [, close, name, attributes = '', empty, words, wrong] of body.matchAll(token)) {
    const parent = open.at(-1) ?? root;
    if (wrong !== undefined) throw new Error(`stray ${wrong}`);
    if (words !== undefined) parent.text += plain(words);
    else if (close !== undefined) {
      if (open.pop()?.name !== close) throw new Error(`</${close}> closes something else`);
    } else if (name !== undefined) {
      const element: Element = { name, attributes: Object.fromEntries([...attributes.matchAll(/ ([\w.:]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, plain(value)])), children: [], text: '' };
      parent.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one whole element');
  return root.children[0] ?? root;
}

function plain(escaped: string): string {
  if (/\p{Cc}/u.test(escaped.replaceAll('\n', ''))) throw new Error('a character that XML cannot hold');
  return escaped.replace(/&(#?\w*;?)/g, (_, entity: string) => {
    const known: Record<string, string> = { 'amp;': '&', 'lt;': '<', 'gt;': '>', 'quot;': '"', 'apos;': "'", '#13;': '\r' };
    const found = known[entity];
    if (found === undefined) throw new Error(`unknown entity &${entity}`);
    return found;
  });
}

const dataOf = ({ children }: Element): Record<string, string> => Object.fromEntries(children.map(({ attributes, text: value }) => [attributes['key'] ?? '', value]));

describe('a network as GraphML', () => {
  const document = read(text);
  const graph = document.children.find(({ name }) => name === 'graph');
  const nodes = graph?.children.filter(({ name }) => name === 'node') ?? [];
  const edges = graph?.children.filter(({ name }) => name === 'edge') ?? [];

  it('has a node for every process, those without links and those that only links name among them', () => {
    const names = ['alone', awkward.replace('\u0001', '\ufffd'), 'b', 'outside'];
    expect(nodes.map((node) => [node.attributes['id'], dataOf(node)])).toEqual(names.map((name, index) => [`n${index}`, { name, label: name }]));
  });

  it('has a directed edge for every link, without what is null', () => {
    expect(graph?.attributes['edgedefault']).toBe('directed');
    expect(edges.map((edge) => [edge.attributes['source'], edge.attributes['target'], dataOf(edge)])).toEqual([
      ['n1', 'n2', { te: '0.30000000000000004', lag: '2', p: String(1 / 501), significant: 'true', p_lag: '3', variables: '2' }],
      ['n2', 'n1', { te: '1e-21', lag: '0', p_lag: '0', variables: '1' }],
      ['n3', 'n2', { te: 'INF', lag: '5', p: '1', significant: 'false', p_lag: '5', variables: '1' }],
    ]);
  });

  it('declares every key that it uses, and its type', () => {
    const keys = new Map(document.children.filter(({ name }) => name === 'key').map(({ attributes }) => [attributes['id'], attributes]));
    const used = [...nodes, ...edges].flatMap((element) => element.children.map(({ attributes }) => [attributes['key'], element.name]));
    for (const [key, kind] of used) expect(keys.get(key)).toMatchObject({ for: kind, 'attr.name': key });
    expect(keys.get('lag')).toMatchObject({ 'attr.type': 'int' });
    expect(keys.get('significant')).toMatchObject({ 'attr.type': 'boolean' });
  });

  it('of no links and no processes is a graph without nodes', () => {
    expect(read(graphml([], [])).children.find(({ name }) => name === 'graph')?.children).toEqual([]);
  });
});
