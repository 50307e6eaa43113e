/** A network as an adjacency matrix in CSV, with the weights that IDTxl's adjacency matrices have. */
import { allProcesses, type NetworkLink } from './link.ts';

/** What stands in a cell: see `adjacency`. */
export const adjacencyWeights = ['max-te-lag', 'max-p-lag', 'te', 'binary', 'variables'] as const;
export type AdjacencyWeight = (typeof adjacencyWeights)[number];

export function isAdjacencyWeight(name: string): name is AdjacencyWeight {
  return adjacencyWeights.some((weight) => weight === name);
}

export interface AdjacencyOptions {
  /** te where not given. */
  readonly weights?: AdjacencyWeight | undefined;
  /** Leaves out links that are not (or not yet known to be) significant after the control of false discoveries; true where not given. */
  readonly significantOnly?: boolean | undefined;
}

/**
 * The matrix as CSV: a row for each source and a column for each target, all processes in their order, the first
 * line and the first column their names.
 *
 * max-te-lag: the link's lag with the largest te. max-p-lag: its lag with the most significant (smallest) p; both in
 * samples, and empty where there is no link, since 0 is a lag. te: of all lags jointly. variables: how many lags were
 * chosen. binary: 1. These are 0 where there is no link.
 */
export function adjacency(links: readonly NetworkLink[], processes: readonly string[], { weights = 'te', significantOnly = true }: AdjacencyOptions = {}): string {
  const names = allProcesses(processes, links);
  const none = weights === 'max-te-lag' || weights === 'max-p-lag' ? '' : '0';
  const cells = new Map(names.map((name) => [name, new Map<string, string>()]));
  for (const link of links) {
    if (link.significant === true || !significantOnly) cells.get(link.source)?.set(link.target, weightOf(link, weights));
  }
  const lines = names.map((source) => [quoted(source), ...names.map((target) => cells.get(source)?.get(target) ?? none)].join(','));
  return `${['source', ...names.map(quoted)].join(',')}\n${lines.join('\n')}\n`;
}

function weightOf(link: NetworkLink, weights: AdjacencyWeight): string {
  switch (weights) {
    case 'max-te-lag':
      return String(link.lag);
    case 'max-p-lag':
      return String(link.p_lag);
    case 'te':
      return link.te === null ? '' : String(link.te);
    case 'binary':
      return '1';
    case 'variables':
      return String(link.variables);
  }
}

/** RFC 4180. */
function quoted(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
