/** A link of an inferred network, as a row of the table `links` of network-inference has it. */
export interface NetworkLink {
  readonly source: string;
  readonly target: string;
  /** Of its variable with the largest te, in samples. */
  readonly lag: number;
  /** All its lags jointly. */
  readonly te: number | null;
  /** The smallest of its variables. */
  readonly p: number | null;
  /** After the control of false discoveries; null until every target is done. */
  readonly significant: boolean | null;
  /** Lag of its variable with the smallest p, in samples. */
  readonly p_lag: number;
  /** How many of its lags were chosen. */
  readonly variables: number;
}

/** The processes in their order, those that only links name after them; none twice. */
export function allProcesses(processes: readonly string[], links: readonly NetworkLink[]): string[] {
  return [...new Set([...processes, ...links.flatMap(({ source, target }) => [source, target])])];
}
