import { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { Job } from '@corrente/shared/contract/job';
import { join } from 'node:path';
import { expect, importFile, test } from './fixtures.ts';
import { removeHome, serve, temporaryHome } from './serve.ts';
import { writeWalks } from './series.ts';

const stage = { name: 'Stage' } as const;

/** A job of some seconds: many series, on the engine without native code. */
function longJob(client: CorrenteClient, dataset: Dataset): Promise<Job> {
  return client.submit({ analysis: 'correlation', input: { dataset: dataset.id, transform: 'difference' }, engine: 'portable', fresh: true });
}

test('a running job shows its progress and its first rows, outlives a reload, and is complete in the end', async ({ page, client, walks }) => {
  const job = await longJob(client, walks);
  await page.goto(`/jobs/${job.id}`);
  const rows = page.getByRole('status', { name: 'Rows of Correlation matrix' });
  await expect(rows).toHaveText(/rows so far/);
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await page.reload();
  await expect(rows).toHaveText(/rows so far/);
  await expect(page.getByRole('img', { name: /Correlation heatmap of 1200 series/ })).toBeVisible();
  await expect(page.getByRole('status', stage)).toHaveText('Succeeded', { timeout: 60_000 });
  await expect(rows).toHaveText('1,200 rows');
  await expect(page.getByText('portable, f64')).toBeVisible();
});

test('a running job that is cancelled stops, and says what it had stored', async ({ page, client, walks, expected }) => {
  // The stream of a table ends in its middle where the job does not end well: that is how it is told.
  expected.push(/ERR_INCOMPLETE_CHUNKED_ENCODING/);
  const job = await longJob(client, walks);
  await page.goto(`/jobs/${job.id}`);
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(page.getByRole('status', stage)).toHaveText('Cancelled');
  await expect(page.getByText(/What it had stored by then is below|It had stored nothing by then/)).toBeVisible();
  expect((await client.job(job.id)).state).toBe('cancelled');
  await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible();
});

test('a failed job says what happened and what to do, and can be changed and run again', async ({ page, client }) => {
  const { id } = await client.importDataset(new Blob(['date,a,b\n2020-01-01,1,5\n2020-01-02,-2,6\n2020-01-03,3,7\n2020-01-04,4,9\n']), { name: 'negative.csv' });
  const job = await client.submit({ analysis: 'correlation', input: { dataset: id, transform: 'log-return' } });
  await page.goto(`/jobs/${job.id}`);
  await expect(page.getByRole('status', stage)).toHaveText('Failed');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The transform is not defined for these values');
  await expect(alert).toContainText('2020-01-0');
  await expect(alert).toContainText('Use another transform');

  await page.getByRole('link', { name: 'Change and run' }).click();
  await page.getByRole('combobox', { name: 'Transform' }).click();
  await page.getByRole('option', { name: 'Difference', exact: true }).click();
  await page.getByRole('button', { name: 'Run the analysis' }).click();
  await expect(page.getByRole('status', stage)).toHaveText('Succeeded');
});

test('the list of jobs tells their states and can be narrowed to one', async ({ page, client }) => {
  const { id } = await client.importDataset(new Blob(['date,a,b\n2022-01-01,1,5\n2022-01-02,-2,6\n2022-01-03,3,7\n']), { name: 'two-outcomes.csv' });
  const good = await client.submit({ analysis: 'moving-average', input: { dataset: id }, params: { windows: [2] } });
  const bad = await client.submit({ analysis: 'correlation', input: { dataset: id, transform: 'log-return' } });
  await Promise.all([good, bad].map((job) => client.wait(job.id)));
  await page.goto(`/jobs?dataset=${id}`);
  const table = page.getByRole('table', { name: 'Jobs' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('row', { name: /Moving averages/ })).toContainText('succeeded');

  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByRole('option', { name: 'failed' }).click();
  await expect(table.getByRole('row')).toHaveCount(2);
  await table.getByRole('link', { name: 'Correlation' }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${bad.id}$`));
  await expect(page.getByRole('alert')).toContainText('Use another transform');
});

test('the same job again is answered from the stored result, and says so', async ({ page, client }) => {
  const { id } = await client.importDataset(new Blob(['date,a,b\n2023-01-01,1,5\n2023-01-02,2,6\n2023-01-03,4,7\n']), { name: 'again.csv' });
  const first = await client.submit({ analysis: 'correlation', input: { dataset: id } });
  await client.wait(first.id);
  await page.goto(`/jobs/${first.id}`);
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page).not.toHaveURL(new RegExp(first.id));
  await expect(page.getByText('Nothing had to be computed')).toBeVisible();
  await page.getByRole('link', { name: 'an identical job' }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${first.id}$`));
});

test('a page that is open when the server goes away takes up when it is back', async ({ page, expected }) => {
  test.setTimeout(180_000);
  expected.push(/Failed to load resource/, /ERR_/);
  const home = await temporaryHome();
  let platform = await serve(home);
  try {
    const port = Number(new URL(platform.address).port);
    const client = new CorrenteClient({ baseUrl: platform.address });
    const file = join(home, 'walks.csv');
    await writeWalks(file, 1200, 3000);
    const job = await longJob(client, await importFile(client, file));
    await page.goto(`${platform.address}/jobs/${job.id}`);
    await expect(page.getByRole('status', { name: 'Rows of Correlation matrix' })).toHaveText(/rows so far/);
    await platform.kill();
    await expect(page.getByText('The server does not answer; trying again.')).toBeVisible();
    platform = await serve(home, port);
    await expect(page.getByRole('status', stage)).toHaveText('Succeeded', { timeout: 80_000 });
    await expect(page.getByRole('status', { name: 'Rows of Correlation matrix' })).toHaveText('1,200 rows');
  } finally {
    await platform.stop();
    await removeHome(home);
  }
});

test('the engines page says which engines there are, and why one is not', async ({ page }) => {
  await page.goto('/engines');
  const table = page.getByRole('table', { name: 'Engines' });
  await expect(table.getByRole('row', { name: /^portable/ })).toContainText('available');
  await expect(table.getByRole('row', { name: /^cuda/ })).toContainText(/available/);
});
