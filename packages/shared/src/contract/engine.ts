/** Engines as workers announce them and as results record them. */
import { z } from 'zod';

/** Best first: the order in which `auto` tries them. */
export const engineNames = ['cuda', 'cpu', 'portable'] as const;
export const engineName = z.enum(engineNames);
export type EngineName = z.infer<typeof engineName>;

export const precision = z.enum(['f64', 'f32']);
export type Precision = z.infer<typeof precision>;

export const engineInfo = z
  .object({
    name: engineName,
    available: z.boolean(),
    whyNot: z.string().nullable().meta({ description: 'Why the engine is not available; null where it is.' }),
    device: z.string().meta({ description: 'The device in words, with its instruction set or compute capability.' }),
    memoryBytes: z.number().nullable().meta({ description: 'Memory the engine may use, in bytes.' }),
    threads: z.int().nullable(),
    precisions: z.array(precision),
    version: z.string(),
  })
  .meta({ id: 'Engine' });
export type EngineInfo = z.infer<typeof engineInfo>;

/** What ran, and why: part of every result. */
export const engineUsed = z
  .object({ name: engineName, device: z.string(), precision, reason: z.string() })
  .meta({ id: 'EngineUsed' });
export type EngineUsed = z.infer<typeof engineUsed>;
