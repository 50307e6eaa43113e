/** What one step emits: rows for good, kept until it ends, and provisional ones, which are shown while it runs. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Schema } from 'apache-arrow';
import type { PartColumn } from '../analyses/analysis.ts';
import { type EncodedPart, encodePart } from '../result/encode-part.ts';

/** Milliseconds from a provisional emission until it is shown; what comes meanwhile goes with it. */
const showAfterMs = 500;

type Emitted = Map<string, Array<readonly PartColumn[]>>;

export class StepOutput {
  readonly #schemas: ReadonlyMap<string, Schema>;
  readonly #show: ((parts: readonly EncodedPart[]) => Promise<void>) | undefined;
  readonly #rows: Emitted = new Map();
  #provisional: Emitted = new Map();
  #timer: NodeJS.Timeout | null = null;
  #showing: Promise<void> = Promise.resolve();

  /** @param show stores provisional parts of the running step; without it provisional rows are dropped. */
  constructor(schemas: ReadonlyMap<string, Schema>, show?: (parts: readonly EncodedPart[]) => Promise<void>) {
    this.#schemas = schemas;
    this.#show = show;
  }

  emit(table: string, columns: readonly PartColumn[]): void {
    add(this.#rows, table, columns);
  }

  emitProvisional(table: string, columns: readonly PartColumn[]): void {
    if (this.#show === undefined) return;
    add(this.#provisional, table, columns);
    this.#timer ??= setTimeout(() => this.#flush(), showAfterMs);
  }

  /** The parts of the step once it has ended; those that are still to be shown are marked. */
  async ended(): Promise<EncodedPart[]> {
    this.close();
    await this.#showing;
    return [...this.#encode(this.#rows), ...this.#encode(this.#provisional, { provisional: true })];
  }

  /** Shows no more; also after a failure. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flush(): void {
    this.#timer = null;
    const shown = this.#provisional;
    this.#provisional = new Map();
    this.#showing = this.#showing.then(() => this.#show?.(this.#encode(shown, { provisional: true })));
    // It is awaited when the step ends; until then a failure must not count as unhandled.
    this.#showing.catch(() => {});
  }

  #encode(emitted: Emitted, mark: { readonly provisional?: true } = {}): EncodedPart[] {
    return [...emitted].flatMap(([table, columns]) => {
      const schema = this.#schemas.get(table);
      if (schema === undefined) throw new CorrenteError('internal', `A step emitted rows for the table "${table}"; declared are ${[...this.#schemas.keys()].join(', ')}.`);
      const part = encodePart(table, schema, columns);
      return part.rows === 0 ? [] : [{ ...part, ...mark }];
    });
  }
}

function add(emitted: Emitted, table: string, columns: readonly PartColumn[]): void {
  const before = emitted.get(table);
  if (before === undefined) emitted.set(table, [columns]);
  else before.push(columns);
}
