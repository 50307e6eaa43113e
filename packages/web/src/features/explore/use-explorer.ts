/** Answers about the series in sight, computed beside the page: one request at a time, and always the newest. */
import type { Block } from '@corrente/shared/portable/block';
import { useEffect, useRef, useState } from 'react';
import type { ExploreAnswer, ExploreRequest } from './explore-work.ts';
import type { FromWorker, ToWorker } from './explore.worker.ts';

export interface Exploration {
  readonly block: Block;
  readonly request: ExploreRequest;
  readonly answer: ExploreAnswer;
}

interface Asked {
  readonly id: number;
  readonly block: Block;
  readonly request: ExploreRequest;
}

/** A request that takes longer gives way to a newer one; a shorter one is answered, so that lines move while a slider does. */
const patienceMs = 400;

class Conversation {
  readonly #worker = new Worker(new URL('./explore.worker.ts', import.meta.url), { type: 'module' });
  #wanted: Asked | null = null;
  #asked: Asked | null = null;
  #loaded: Block | null = null;
  #frame: number | null = null;
  #impatient: ReturnType<typeof setTimeout> | null = null;
  /** Whether what was asked takes longer than a newer request waits for. */
  #late = false;
  #last = 0;

  constructor(onAnswer: (exploration: Exploration) => void, onFailure: (message: string) => void) {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      const asked = this.#asked;
      if (asked === null || asked.id !== data.id) return;
      this.#asked = null;
      this.#waitNoMore();
      // Of series that are no longer shown nothing is told.
      if (this.#wanted === null || this.#wanted.block === asked.block) {
        if ('answer' in data) onAnswer({ block: asked.block, request: asked.request, answer: data.answer });
        else onFailure(data.failure);
      }
      this.#schedule();
    });
    this.#worker.addEventListener('error', (event) => onFailure(event.message === '' ? 'The page could not start its computing worker.' : event.message));
  }

  want(block: Block, request: ExploreRequest): void {
    this.#wanted = { id: ++this.#last, block, request };
    this.#schedule();
  }

  /** At most one request for each frame, and none while another is being answered in good time. */
  #schedule(): void {
    if (this.#wanted === null || (this.#asked !== null && !this.#late) || this.#frame !== null) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      const wanted = this.#wanted;
      if (wanted === null) return;
      this.#wanted = null;
      this.#asked = wanted;
      this.#waitNoMore();
      if (this.#loaded !== wanted.block) this.#post({ block: wanted.block });
      this.#loaded = wanted.block;
      this.#post({ id: wanted.id, request: wanted.request });
      this.#impatient = setTimeout(() => {
        this.#late = true;
        this.#schedule();
      }, patienceMs);
    });
  }

  #waitNoMore(): void {
    if (this.#impatient !== null) clearTimeout(this.#impatient);
    this.#impatient = null;
    this.#late = false;
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message, { transfer: [] });
  }

  end(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#waitNoMore();
    this.#worker.terminate();
  }
}

/** The newest answer that has come, with what it answers; null until there is one for these series. */
export function useExplorer(block: Block | null, request: ExploreRequest): { readonly exploration: Exploration | null; readonly failure: string | null } {
  const conversation = useRef<Conversation | null>(null);
  const [exploration, setExploration] = useState<Exploration | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    const made = new Conversation(
      (answered) => {
        setExploration(answered);
        setFailure(null);
      },
      setFailure,
    );
    conversation.current = made;
    return () => {
      conversation.current = null;
      made.end();
    };
  }, []);
  useEffect(() => {
    if (block !== null) conversation.current?.want(block, request);
  }, [block, request]);
  return { exploration: exploration?.block === block ? exploration : null, failure };
}
