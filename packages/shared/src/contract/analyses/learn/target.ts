/** What is learnt: something of the value that stands `ahead` rows later. */
import { z } from 'zod';

export const targetKinds = ['level', 'difference', 'return', 'log-return', 'direction', 'sign', 'class'] as const;
export type TargetKind = (typeof targetKinds)[number];

const expected = 'expected the name of a series, or an object such as {"series": "OT"}';

export const targetParams = z
  .strictObject(
    {
      series: z.string().nullable().default(null).meta({ title: 'Series', description: 'The series to predict, by its own past and that of the others. Where null: every series, each by its own past, one model for all.' }),
      kind: z
        .enum(targetKinds)
        .nullable()
        .default(null)
        .meta({ title: 'Kind', description: 'Of the value `ahead` rows later: itself (level); less the newest (difference); over the newest, less 1 (return); the logarithm of that quotient; whether it is above the newest (direction); whether it is above 0 (sign), which is the direction of a job whose transform is a difference or a return; itself as the number of a class. Where null: level, and direction for classification.' }),
      ahead: z.int().min(1).max(100_000).default(1).meta({ title: 'Ahead', unit: 'rows' }),
    },
    { error: ({ code, expected: kind }) => (code === 'invalid_type' && kind === 'object' ? expected : undefined) },
  )
  .meta({ id: 'LearnTarget' });
export type TargetParams = z.output<typeof targetParams>;

/** A target, or the name of its series alone. A form is drawn of the object. */
export const targetOrName = z.preprocess((given: z.input<typeof targetParams> | string) => (typeof given === 'string' ? { series: given } : given), targetParams);

/** Whether the target is one of some classes. */
export const isClass = (kind: TargetKind): boolean => kind === 'direction' || kind === 'sign' || kind === 'class';
