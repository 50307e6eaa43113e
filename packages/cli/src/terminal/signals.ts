let interrupted: AbortController | null = null;

/** Ctrl-C and SIGTERM as an AbortSignal, one for the process: the first asks for a clean end, the second ends at once. */
export function interruptSignal(): AbortSignal {
  interrupted ??= listen();
  return interrupted.signal;
}

function listen(): AbortController {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller;
}
