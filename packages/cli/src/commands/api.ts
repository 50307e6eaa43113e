/** `corrente api`: the API and the dashboard, without a worker. */
import { Command } from 'commander';

export const command = new Command('api').description('Start the API and the dashboard, without a worker.').action(async () => {
  const { loadConfig } = await import('@corrente/platform/config/config');
  const { runApi } = await import('@corrente/api/server');
  await runApi(loadConfig(process.env));
});
