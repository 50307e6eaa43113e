/** Waiting for something that may have happened already. */

export interface Bell {
  readonly ring: () => void;
  /** Forgets the rings so far: called before looking at what a ring is about. */
  reset(): void;
  /** Resolves at the next ring, at once where it rang since `reset`, and after `atMostMs` in any case. */
  rung(atMostMs?: number): Promise<void>;
  close(): void;
}

const nobody = () => undefined;

/** A bell that an abort rings too. */
export function createBell(signal: AbortSignal): Bell {
  let heard = signal.aborted;
  let wake: () => void = nobody;
  const ring = () => {
    heard = true;
    wake();
  };
  signal.addEventListener('abort', ring);
  return {
    ring,
    reset() {
      heard = signal.aborted;
    },
    async rung(atMostMs) {
      if (heard) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (atMostMs !== undefined) timer = setTimeout(resolve, atMostMs);
      });
      clearTimeout(timer);
    },
    close: () => signal.removeEventListener('abort', ring),
  };
}
