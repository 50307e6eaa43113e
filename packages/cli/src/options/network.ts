/** The options that save an inferred network for other programs: as GraphML or as an adjacency matrix. */
import { adjacency, adjacencyWeights, isAdjacencyWeight } from '@corrente/shared/network/adjacency';
import { graphml } from '@corrente/shared/network/graphml';
import type { NetworkLink } from '@corrente/shared/network/link';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Option, type Command } from 'commander';

export const networkFormats = ['graphml', 'adjacency'] as const;
export type NetworkFormat = (typeof networkFormats)[number];

export function isNetworkFormat(name: string): name is NetworkFormat {
  return networkFormats.some((format) => format === name);
}

export interface NetworkOptions {
  readonly weights?: string;
  readonly allLinks?: boolean;
}

export function addNetworkOptions(command: Command): Command {
  return command
    .addOption(new Option('--weights <kind>', 'adjacency: what stands in a cell; te without it').choices(adjacencyWeights))
    .option('--all-links', 'adjacency: those that are not significant too');
}

/** The table that networks are made of; another name beside a network's format is an error. */
export function networkTable(table: string | undefined): 'links' {
  if (table === undefined || table === 'links') return 'links';
  throw new CorrenteError('usage', `--table was "${table}"; GraphML and adjacency matrices are made of the table links.`);
}

export function networkText(format: NetworkFormat, links: readonly NetworkLink[], processes: readonly string[], { weights = 'te', allLinks = false }: NetworkOptions): string {
  if (format === 'graphml') return graphml(links, processes);
  if (!isAdjacencyWeight(weights)) throw new CorrenteError('usage', `--weights was "${weights}"; expected one of ${adjacencyWeights.join(', ')}.`);
  return adjacency(links, processes, { weights, significantOnly: !allLinks });
}
