// Before the first paint, so that a dark page never flashes white. A file of its own, since the content security
// policy allows no inline script.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('corrente-color-scheme');
  } catch {
    // Storage is shut off: the system's scheme stands.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
