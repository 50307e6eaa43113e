/**
 * Imports in a process of their own: what a hostile or huge file does to it (a crash, a loop, all its memory) ends
 * that process and no other. It is started ahead of time, so that a small import does not wait for it, and replaced
 * when it dies.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { ImportMappingInput } from './import-file.ts';
import { importAnswer, type ImportAnswer, type ImportOrder } from './import-messages.ts';
import { throwIfAborted } from './duckdb.ts';
import { leftoverPrefix } from './stored.ts';

export interface ImportProcessOptions {
  readonly store: string;
  readonly tempFolder: string;
  /** Bytes of DuckDB's buffers; 1 GiB where not given. */
  readonly memoryLimit?: number | undefined;
  /** Bytes of the whole child above which it is ended; `memoryLimit` and 1.5 GiB where not given. */
  readonly processLimit?: number | undefined;
  /** Milliseconds without a sign of life after which the child is ended; 60,000 where not given. */
  readonly hangAfter?: number | undefined;
}

interface Pending {
  readonly resolve: (dataset: Dataset) => void;
  readonly reject: (error: Error) => void;
}

const gigabyte = 1024 * 1024 * 1024;
/** Milliseconds that a cancelled import may take to end by itself. */
const cancelWithin = 3000;
/** Milliseconds that a child may take to start, on a busy machine. */
const startWithin = 30_000;
const errorBytes = 4000;

export class ImportProcess {
  private readonly options: ImportProcessOptions;
  private readonly memoryLimit: number;
  private child: ImportChild | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;
  private nextId = 1;

  /** Starts the child. */
  constructor(options: ImportProcessOptions) {
    this.options = options;
    this.memoryLimit = options.memoryLimit ?? gigabyte;
    this.ready();
  }

  /**
   * Imports a file; several calls wait for one another.
   *
   * @throws what `importFile` throws, and import-crashed where the process died or hung
   */
  async importFile(path: string, options: { mapping?: ImportMappingInput | undefined; name?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<Dataset> {
    const turn = this.last.then(() => this.run(path, options));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** The process id of the child, for tests and monitoring. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  async close(): Promise<void> {
    this.closed = true;
    const { child } = this;
    this.child = null;
    await child?.end();
  }

  private ready(): ImportChild {
    if (this.child === null || this.child.gone) {
      this.child = new ImportChild(this.options.hangAfter ?? 60_000, this.options.processLimit ?? this.memoryLimit + 1.5 * gigabyte);
    }
    return this.child;
  }

  private async run(path: string, { mapping = {}, name, signal }: { mapping?: ImportMappingInput | undefined; name?: string | undefined; signal?: AbortSignal | undefined }): Promise<Dataset> {
    if (this.closed) throw new CorrenteError('not-ready', 'The import process is closed.');
    throwIfAborted(signal);
    const { store, tempFolder } = this.options;
    const child = this.ready();
    try {
      return await child.import({ type: 'import', id: this.nextId++, path: resolve(path), mapping, name, store: resolve(store), tempFolder: resolve(tempFolder), memoryLimit: this.memoryLimit }, signal);
    } finally {
      // One that was killed takes no further order, though its end has not been seen yet.
      if (child.doomed) await child.end();
      if (child.gone) {
        await removeLeftovers([resolve(store), resolve(tempFolder)], child.pid);
        // The next import finds a process that has started.
        if (!this.closed) this.ready();
      }
    }
  }
}

/** What an import that died could not remove itself. */
async function removeLeftovers(folders: readonly string[], pid: number | null): Promise<void> {
  if (pid === null) return;
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) if (name.startsWith(leftoverPrefix(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** One child, from its start to its end. */
class ImportChild {
  gone = false;
  doomed = false;
  private readonly process: ChildProcess;
  private readonly hangAfter: number;
  private readonly processLimit: number;
  private readonly exited: Promise<void>;
  private pending: (Pending & { id: number }) | null = null;
  private watch: NodeJS.Timeout | null = null;
  private heardAt = 0;
  private started = false;
  private errors = '';
  private reason: string | null = null;

  constructor(hangAfter: number, processLimit: number) {
    this.hangAfter = hangAfter;
    this.processLimit = processLimit;
    this.process = fork(fileURLToPath(new URL('import-main.ts', import.meta.url)), [], {
      execArgv: ['--max-old-space-size=1024'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json',
    });
    this.process.stderr?.on('data', (bytes) => {
      this.errors = (this.errors + String(bytes)).slice(-errorBytes);
    });
    this.process.on('message', (message) => this.take(importAnswer.parse(message)));
    this.exited = new Promise((done) => {
      const end = (how: string): void => {
        this.gone = true;
        this.fail(new CorrenteError('import-crashed', `${this.reason ?? `The import process ended with ${how}`}.${this.errors === '' ? '' : ` Its last words: ${this.errors.trim().split('\n').slice(-3).join(' ')}`}`));
        done();
      };
      this.process.once('error', (error) => end(error.message));
      this.process.once('exit', (code, signal) => end(signal ?? `code ${code}`));
    });
    this.letGo();
  }

  get pid(): number | null {
    return this.process.pid ?? null;
  }

  async import(order: Extract<ImportOrder, { type: 'import' }>, signal: AbortSignal | undefined): Promise<Dataset> {
    let killer: NodeJS.Timeout | null = null;
    const cancel = (): void => {
      this.process.send({ type: 'cancel', id: order.id } satisfies ImportOrder);
      killer = setTimeout(() => {
        this.pending?.reject(new CorrenteError('cancelled', 'The import was cancelled.'));
        this.pending = null;
        this.kill('The import process did not end when it was cancelled');
      }, cancelWithin);
    };
    this.hold();
    try {
      return await new Promise<Dataset>((done, reject) => {
        this.pending = { id: order.id, resolve: done, reject };
        signal?.addEventListener('abort', cancel);
        this.process.send(order, (error) => {
          if (error !== null) this.fail(new CorrenteError('import-crashed', `The import process takes no orders: ${error.message}.`, { cause: error }));
        });
      });
    } finally {
      this.pending = null;
      signal?.removeEventListener('abort', cancel);
      if (killer !== null) clearTimeout(killer);
      this.letGo();
    }
  }

  async end(): Promise<void> {
    if (!this.gone) this.process.kill('SIGKILL');
    await this.exited;
  }

  private take(answer: ImportAnswer): void {
    this.heardAt = performance.now();
    switch (answer.type) {
      case 'ready':
        this.started = true;
        return;
      case 'alive':
        if (answer.rss > this.processLimit) this.kill(`The import process was ended: it took ${Math.round(answer.rss / 2 ** 20)} MiB of the ${Math.round(this.processLimit / 2 ** 20)} MiB it may`);
        return;
      case 'done':
        if (answer.id === this.pending?.id) this.pending.resolve(answer.dataset);
        return;
      case 'failed':
        if (answer.id === this.pending?.id) this.pending.reject(CorrenteError.fromProblem(answer.problem));
    }
  }

  private fail(error: CorrenteError): void {
    this.pending?.reject(error);
    this.pending = null;
  }

  private kill(reason: string): void {
    this.reason = reason;
    this.doomed = true;
    this.process.kill('SIGKILL');
  }

  /** Watches the child, and keeps this process alive for it, while it works. */
  private hold(): void {
    this.process.ref();
    this.process.channel?.ref();
    this.heardAt = performance.now();
    this.watch = setInterval(() => {
      const limit = this.started ? this.hangAfter : Math.max(this.hangAfter, startWithin);
      if (performance.now() - this.heardAt > limit) this.kill(`The import process was ended: it gave no sign of life for ${Math.round(limit / 1000)} s`);
    }, Math.min(1000, this.hangAfter / 4));
  }

  private letGo(): void {
    if (this.watch !== null) clearInterval(this.watch);
    this.watch = null;
    this.process.unref();
    this.process.channel?.unref();
    if (this.process.stderr !== null && 'unref' in this.process.stderr && typeof this.process.stderr.unref === 'function') this.process.stderr.unref();
  }
}
