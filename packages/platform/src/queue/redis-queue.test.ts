import { describePlatform } from '../testing/platform.contract.ts';

describePlatform('the platform with its queue in Redis', {
  redis: true,
  loseQueue: async ({ redis }) => {
    await redis?.flush();
  },
});
