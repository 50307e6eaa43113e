/** A network as GraphML, for Gephi, Cytoscape, igraph, networkx and their kin. */
import { escapeXml } from './escape-xml.ts';
import { allProcesses, type NetworkLink } from './link.ts';

interface Attribute {
  readonly name: keyof Omit<NetworkLink, 'source' | 'target'>;
  readonly type: 'double' | 'int' | 'boolean';
  readonly meaning: string;
}

const attributes: readonly Attribute[] = [
  { name: 'te', type: 'double', meaning: 'Transfer entropy (or mutual information) of all lags of the link jointly' },
  { name: 'lag', type: 'int', meaning: 'Lag with the largest te, in samples' },
  { name: 'p', type: 'double', meaning: 'Smallest p-value of its lags' },
  { name: 'significant', type: 'boolean', meaning: 'After the control of false discoveries' },
  { name: 'p_lag', type: 'int', meaning: 'Lag with the smallest p-value, in samples' },
  { name: 'variables', type: 'int', meaning: 'How many of its lags were chosen' },
];

/**
 * The network as a GraphML 1.0 document: a node for each process (also those without links), in their order, and a
 * directed edge for each link, whether significant or not.
 *
 * A node's id is n0, n1, …, for GraphML allows no spaces in ids; its series stands in `name` (as igraph and Cytoscape
 * read it) and `label` (as Gephi does). An edge carries te, lag, p, significant, p_lag and variables; what is null is
 * left out. Characters that XML cannot hold become U+FFFD.
 */
export function graphml(links: readonly NetworkLink[], processes: readonly string[]): string {
  const names = allProcesses(processes, links);
  const ids = new Map(names.map((name, index) => [name, `n${index}`]));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">',
    '  <key id="name" for="node" attr.name="name" attr.type="string"/>',
    '  <key id="label" for="node" attr.name="label" attr.type="string"/>',
    ...attributes.map(({ name, type, meaning }) => `  <key id="${name}" for="edge" attr.name="${name}" attr.type="${type}"><desc>${escapeXml(meaning)}</desc></key>`),
    '  <graph id="network" edgedefault="directed">',
    ...names.map((name, index) => `    <node id="n${index}"><data key="name">${escapeXml(name)}</data><data key="label">${escapeXml(name)}</data></node>`),
    ...links.map((link) => `    <edge source="${ids.get(link.source) ?? ''}" target="${ids.get(link.target) ?? ''}">${edgeData(link)}</edge>`),
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n');
}

function edgeData(link: NetworkLink): string {
  return attributes
    .map(({ name }) => {
      const value = link[name];
      return value === null ? '' : `<data key="${name}">${valueText(value)}</data>`;
    })
    .join('');
}

/** As XML Schema writes it. */
function valueText(value: number | boolean): string {
  if (value === Infinity) return 'INF';
  return value === -Infinity ? '-INF' : String(value);
}
