/**
 * How far the inference of one target is: all that a round needs of the rounds before it, and what is known so far.
 * It is kept as JSON (checkpoints, and what the step of a target returns).
 */
import { networkStages } from '@corrente/shared/contract/analyses/network-inference';
import type { JsonValue } from '@corrente/shared/contract/json';
import { z } from 'zod';

/** A value, which may be infinite (Gaussian information between variables that determine each other) or missing. */
const figure = z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN']).transform(Number)]);

const variable = z.object({ process: z.int(), lag: z.int() });

/** A variable that was chosen: the value and p of the test that kept it, null where there was none. */
const chosenVariable = variable.extend({ te: figure.nullable(), p: z.number().nullable() });
export type ChosenVariable = z.infer<typeof chosenVariable>;

/** One row of the table `tests`; without a variable, a test of all together. */
const stageTest = z.object({
  stage: z.enum(networkStages),
  variable: variable.nullable(),
  statistic: figure,
  p: z.number(),
  permutations: z.int(),
  significant: z.boolean(),
});
export type StageTest = z.infer<typeof stageTest>;

const targetState = z.object({
  /** The stage whose next round is due. */
  stage: z.enum([...networkStages, 'done']),
  /** Rounds of that stage that are done. */
  round: z.int(),
  /** Groups of sources that the stage is not done with (see `TargetSetup.groups`). */
  open: z.array(z.int()),
  target: z.array(chosenVariable),
  sources: z.array(chosenVariable),
  tests: z.array(stageTest),
  omnibus: z.object({ te: figure, p: z.number(), significant: z.boolean() }).nullable(),
  /** Joint information of all chosen lags of each source. */
  links: z.array(z.object({ process: z.int(), te: figure })),
  /** Values that were estimated, surrogates among them. */
  estimates: z.int(),
  samples: z.int(),
});
export type TargetState = z.infer<typeof targetState>;

export function stateFromJson(note: JsonValue): TargetState {
  return targetState.parse(note);
}

export function stateToJson(state: TargetState): JsonValue {
  const written: JsonValue = JSON.parse(JSON.stringify(state, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)));
  return written;
}
