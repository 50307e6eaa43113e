/** What the suite has seen: which route answered with which status. */
import { routes, type Route, type RouteName } from '@corrente/shared/contract/http';

const seen = new Set<string>();

const patterns = Object.entries<Route>(routes)
  .map(([name, { method, path }]) => ({ name, method, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', String.raw`\.`)}$`), fixed: !path.includes('{') }))
  .sort((a, b) => Number(b.fixed) - Number(a.fixed));

export function record(method: string, url: string, status: number): void {
  const path = url.split('?', 1)[0] ?? '';
  const route = patterns.find((one) => one.method === method.toLowerCase() && one.pattern.test(path));
  if (route !== undefined) seen.add(`${route.name} ${status}`);
}

export function wasSeen(name: RouteName, status: number): boolean {
  return seen.has(`${name} ${status}`);
}

/** Statuses that a route answered with, among those below 500. */
export function statusesSeen(name: RouteName): number[] {
  return [...seen].filter((entry) => entry.startsWith(`${name} `)).map((entry) => Number(entry.split(' ')[1]));
}
