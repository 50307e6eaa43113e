import { expect, test } from 'vitest';
import { describePlatform } from '../testing/platform.contract.ts';
import { bullPriority } from './bull-queue.ts';

describePlatform('the platform with its queue in PostgreSQL', {
  redis: false,
  loseQueue: async ({ platform }) => {
    await platform.database.query({ name: 'lose-queue', text: 'truncate bullmq.job cascade' });
  },
});

test('every priority of a job has a BullMQ priority of its own, the higher the sooner, and none is BullMQ’s 0', () => {
  const priorities = Array.from({ length: 21 }, (_, index) => bullPriority(10 - index));
  expect(priorities).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
});
