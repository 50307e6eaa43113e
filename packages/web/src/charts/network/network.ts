/** A network of processes as it is drawn: names, and links between their places in the list of names. */

export interface NetworkLink {
  /** Places of the two processes in the list of names. */
  readonly source: number;
  readonly target: number;
  /** NaN where there is none. */
  readonly lag: number;
  readonly te: number;
  readonly p: number;
  /** null while the job runs: false discoveries are controlled when every target is done. */
  readonly significant: boolean | null;
  /** Of a difference: which of the two it is greater in; its size stands as te. */
  readonly side?: 'a' | 'b';
}

export interface Network {
  readonly names: readonly string[];
  readonly links: readonly NetworkLink[];
}

/** A link as a table of names holds it. */
export interface NamedLink extends Omit<NetworkLink, 'source' | 'target'> {
  readonly source: string;
  readonly target: string;
}

/**
 * Links between names as links between places. Processes that only the links know follow the names that are given; a
 * pair that occurs twice keeps its later link, as a provisional row is followed by its final one.
 */
export function networkOf(names: readonly string[], links: readonly NamedLink[]): Network {
  const places = new Map([...new Set([...names, ...links.flatMap(({ source, target }) => [source, target])])].map((name, place) => [name, place]));
  const pairs = new Map(links.map((link) => [JSON.stringify([link.source, link.target]), link]));
  return {
    names: [...places.keys()],
    links: [...pairs.values()].map((link) => ({ ...link, source: places.get(link.source)!, target: places.get(link.target)! })),
  };
}

export interface LinkFilter {
  readonly maxP: number;
  readonly minTe: number;
  /** First and last lag that are shown. */
  readonly lags: readonly [number, number];
  /** Leaves out what did not stand the control of false discoveries; what still awaits it stays. */
  readonly significantOnly: boolean;
}

export const everyLink: LinkFilter = { maxP: 1, minTe: 0, lags: [0, Number.POSITIVE_INFINITY], significantOnly: false };

/** A link passes a bound on a value that it does not have. */
export function passes(link: NetworkLink, { maxP, minTe, lags, significantOnly }: LinkFilter): boolean {
  const [first, last] = lags;
  return !(link.p > maxP) && !(minTe > 0 && link.te < minTe) && !(link.lag < first) && !(link.lag > last) && !(significantOnly && link.significant === false);
}

/** What the filters range over: the lags that occur, and the largest te. */
export function linkRanges(links: readonly NetworkLink[]): { readonly lags: readonly [number, number]; readonly te: number } {
  const lags = links.map(({ lag }) => lag).filter((lag) => !Number.isNaN(lag));
  return { lags: lags.length === 0 ? [0, 0] : [Math.min(...lags), Math.max(...lags)], te: links.reduce((most, { te }) => Math.max(most, te || 0), 0) };
}

/** How many links enter and leave each process. */
export function degrees({ names, links }: Network): { readonly in: Uint32Array; readonly out: Uint32Array } {
  const counts = { in: new Uint32Array(names.length), out: new Uint32Array(names.length) };
  for (const { source, target } of links) {
    counts.out[source]! += 1;
    counts.in[target]! += 1;
  }
  return counts;
}

/** The network of those processes only, and the links among them; their order is kept. */
export function subnetwork({ names, links }: Network, keep: (place: number) => boolean): Network & { readonly places: readonly number[] } {
  const places = names.map((_, place) => place).filter(keep);
  const moved = new Map(places.map((place, next) => [place, next]));
  return {
    names: places.map((place) => names[place]!),
    places,
    links: links.flatMap((link) => {
      const [source, target] = [moved.get(link.source), moved.get(link.target)];
      return source === undefined || target === undefined ? [] : [{ ...link, source, target }];
    }),
  };
}
