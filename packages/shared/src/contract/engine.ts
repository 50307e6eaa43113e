/** Engines as workers announce them and as results record them. */
import { z } from 'zod';

/** Best first: the order in which `auto` tries them. */
export const engineNames = ['cuda', 'cpu', 'portable'] as const;
export const engineName = z.enum(engineNames);
export type EngineName = z.infer<typeof engineName>;

export const precision = z.enum(['f64', 'f32']);
export type Precision = z.infer<typeof precision>;

/** What an engine was measured to do on its machine, once; what the choice of `auto` rests on. */
export const calibration = z
  .object({
    copyBytesPerSecond: z.number().positive().nullable().meta({ description: 'Bytes read and written a second; null where only the transfer to the device was measured.' }),
    operationsPerSecond: z.object({ f64: z.number().positive(), f32: z.number().positive().nullable() }).meta({ description: 'Floating-point operations a second of a product of matrices; f32 is null where it was not measured.' }),
    launchSeconds: z.number().nonnegative().meta({ description: 'What the smallest call takes.' }),
    transferBytesPerSecond: z.number().positive().nullable().meta({ description: 'Bytes a second between host and device; null where there is no device apart.' }),
    measuredAt: z.iso.datetime(),
  })
  .meta({ id: 'Calibration' });
export type Calibration = z.infer<typeof calibration>;

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
    calibration: calibration.optional(),
  })
  .meta({ id: 'Engine' });
export type EngineInfo = z.infer<typeof engineInfo>;

/** What ran, and why: part of every result. */
export const engineUsed = z
  .object({ name: engineName, device: z.string(), precision, reason: z.string() })
  .meta({ id: 'EngineUsed' });
export type EngineUsed = z.infer<typeof engineUsed>;
