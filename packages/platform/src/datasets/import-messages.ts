/** What passes between an ImportProcess and its child. */
import { dataset, importMapping } from '@corrente/shared/contract/dataset';
import { problem } from '@corrente/shared/contract/errors';
import { z } from 'zod';

export const importOrder = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('import'),
    id: z.int(),
    path: z.string(),
    mapping: z.record(z.string(), z.unknown()),
    name: z.string().optional(),
    store: z.string(),
    tempFolder: z.string(),
    memoryLimit: z.number(),
  }),
  z.object({ type: z.literal('cancel'), id: z.int() }),
]);
export type ImportOrder = z.infer<typeof importOrder>;

export const importAnswer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('alive'), rss: z.number() }),
  z.object({ type: z.literal('done'), id: z.int(), dataset }),
  z.object({ type: z.literal('failed'), id: z.int(), problem }),
]);
export type ImportAnswer = z.infer<typeof importAnswer>;

/** Milliseconds between signs of life. */
export const aliveEvery = 1000;

/** A mapping as it was sent; what is wrong with it is told by the import itself. */
export function asMapping(value: Record<string, unknown>): z.input<typeof importMapping> {
  return value;
}
