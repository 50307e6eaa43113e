/** Values as environment variables spell them. Each schema's message says what is expected. */
import { z } from 'zod';

const units: Readonly<Record<string, number>> = {
  '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40,
};

/** A whole number between two bounds, both inclusive. */
export function integer(least: number, most: number) {
  const message = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^-?\d+$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);
}

/** A number of bytes, plain or with a unit: 1000 based (kB, MB, GB, TB) or 1024 based (KiB, MiB, GiB, TiB). */
export function byteSize(least: number) {
  const message = `bytes, such as 500MB or 4GiB, at least ${least}`;
  return z.string().transform((text, context) => {
    const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
    const unit = units[match?.[2]?.toLowerCase() ?? ''];
    const bytes = match && unit !== undefined ? Math.round(Number(match[1]) * unit) : Number.NaN;
    if (Number.isSafeInteger(bytes) && bytes >= least) return bytes;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** A URL of one of the schemes, kept as it was written. */
export function urlOf(...schemes: readonly string[]) {
  const message = `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return z.string().refine((text) => URL.canParse(text) && schemes.some((scheme) => text.startsWith(`${scheme}://`)), message);
}

/** Words separated by commas, each of at least `shortest` characters. */
export function list(shortest: number) {
  return z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()).filter((item) => item !== ''))
    .refine((items) => items.every((item) => item.length >= shortest), `words separated by commas, each of at least ${shortest} characters`);
}
