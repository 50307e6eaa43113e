/** Type check and lint of everything: `npm run check`. */
import { checks, runCheck } from './checks.ts';

let failed = 0;
for (const check of checks) {
  const ok = await runCheck(check);
  if (!ok) failed += 1;
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${check.name}\n`);
}
process.exit(failed === 0 ? 0 : 1);
