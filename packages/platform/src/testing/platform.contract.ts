/** The contract of the platform, as one list of cases that every queue backend has to pass. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openPlatformForTests, type TestPlatform } from './platform.ts';
import { attemptCases } from './contract/attempt.cases.ts';
import type { Case, Context } from './contract/case.ts';
import { catalogueCases } from './contract/catalogue.cases.ts';
import { eventCases } from './contract/events.cases.ts';
import { inputCases } from './contract/inputs.cases.ts';
import { queueCases } from './contract/queue.cases.ts';
import { resultCases } from './contract/results.cases.ts';
import { shareCases } from './contract/shares.cases.ts';
import { stepCases } from './contract/steps.cases.ts';
import { submitCases } from './contract/submit.cases.ts';

export const platformCases: readonly Case[] = [...submitCases, ...attemptCases, ...stepCases, ...eventCases, ...resultCases, ...inputCases, ...shareCases, ...queueCases, ...catalogueCases];

/** Runs the cases over one backend. */
export function describePlatform(name: string, options: { redis: boolean; loseQueue: (opened: TestPlatform) => Promise<void> }): void {
  describe(name, () => {
    let opened: TestPlatform;
    let context: Context;

    beforeAll(async () => {
      opened = await openPlatformForTests({ redis: options.redis });
      context = { platform: opened.platform, other: await opened.another(), loseQueue: () => options.loseQueue(opened) };
    });
    afterAll(() => opened.close());

    test.each(platformCases)('$name', ({ run }) => run(context));
  });
}
