/** What the app needs beside the platform: settings, and the services that read data files. */
import type { ReducedSeries, SeriesRequest } from '@corrente/platform/datasets/read-series';
import type { Dataset, ImportMapping } from '@corrente/shared/contract/dataset';
import type { Logger } from 'pino';

export interface DataServices {
  /** Imports a file that lies on this machine and adds it to the catalogue. */
  importFile(path: string, options: { name: string; mapping: ImportMapping; signal: AbortSignal }): Promise<Dataset>;
  /** Series reduced for a chart. Throws `unknown-series`, `unknown-field`, `empty-selection`, `invalid-job` for a bound of the wrong kind. */
  readSeries(dataset: Dataset, request: SeriesRequest, signal: AbortSignal): Promise<{ field: string; series: readonly ReducedSeries[] }>;
}

export interface RateLimit {
  readonly windowMs: number;
  /** Requests that one address may send within the window. */
  readonly requests: number;
}

export interface ApiOptions {
  /** The address that the server binds. On loopback only loopback names are answered. */
  readonly host: string;
  /** Where there are any, every call that is not open needs one of them. */
  readonly apiKeys: readonly string[];
  readonly maxUploadBytes: number;
  /** Where uploads wait for their import; exists. */
  readonly uploadFolder: string;
  readonly data: DataServices;
  readonly logger: Logger;
  readonly rateLimit: RateLimit | null;
  /** The built dashboard; need not exist. */
  readonly dashboardFolder: string;
  /** Silence after which an event stream sends a comment. */
  readonly heartbeatMs: number;
  /** Aborts when the server shuts down: streams end then. */
  readonly closing: AbortSignal;
}

/** Whether a bind address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
