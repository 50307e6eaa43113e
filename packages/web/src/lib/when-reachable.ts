/** Parts of the page that are fetched when they are needed, from a server that may be away just then. */

const pauseMs = 1_000;

/**
 * What `load` imports. Where that fails, the promise stays open, so that the place keeps what it shows while it waits,
 * and the page is loaded anew as soon as the server answers: a browser remembers a module that failed, and would
 * never ask for it again.
 */
export function whenReachable<T>(load: () => Promise<T>): Promise<T> {
  return load().catch(async (error: unknown) => {
    if (await answers()) throw error;
    while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    location.reload();
    return await new Promise<T>(() => {});
  });
}

async function answers(): Promise<boolean> {
  return await fetch('/healthz').then(
    (response) => response.ok,
    () => false,
  );
}
