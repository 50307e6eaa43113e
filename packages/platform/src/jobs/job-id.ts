/** Job ids: `job_` and a ULID (https://github.com/ulid/spec) in lower case, so that ids sort by the time they were made. */
import { randomBytes } from 'node:crypto';

const crockford = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id: 48 bits of milliseconds since 1970, then 80 random bits. */
export function newJobId(now: number = Date.now()): string {
  const random = randomBytes(10);
  let bits = (BigInt(now) << 80n) | BigInt(`0x${random.toString('hex')}`);
  let text = '';
  for (let place = 0; place < 26; place++) {
    text = crockford.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return `job_${text}`;
}
