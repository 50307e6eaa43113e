import type { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Page } from '@playwright/test';
import { choose, expect, test } from './fixtures.ts';
import { walks } from './series.ts';

const chart = (page: Page) => page.getByRole('figure', { name: 'Exploring AAPL, MSFT' });
const computed = (page: Page) => page.getByRole('status', { name: 'Computed here' });

/** r of the first two series, as the page's matrix holds it. */
async function shownR(page: Page): Promise<number> {
  return Number(await page.getByRole('table', { name: /correlation in sight/ }).locator('tbody tr').first().locator('td').nth(1).getAttribute('data-r'));
}

/** The same by a job. */
async function jobR(client: CorrenteClient, dataset: string, method: string, bounds: { from?: string; to?: string } = {}, transform: 'none' | 'log-return' = 'none'): Promise<number> {
  const job = await client.submit({ analysis: 'correlation', input: { dataset, field: 'close', series: ['AAPL', 'MSFT'], transform, ...bounds }, params: { method, output: 'pairs' } });
  for await (const batch of client.result(job.id, 'pairs')) return Number(batch.getChild('r')?.get(0));
  throw new Error('The job gave no pair.');
}

async function explore(page: Page, dataset: string): Promise<void> {
  await page.goto(`/datasets/${dataset}`);
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText('Explore', { exact: true }).click();
  const series = preview.getByRole('combobox', { name: 'Series' });
  await series.press('Backspace');
  for (const name of ['AAPL', 'MSFT']) {
    await series.fill(name);
    await page.getByRole('option', { name, exact: true }).click();
  }
  await series.press('Escape');
  await expect(computed(page)).toContainText(/^On (WebGPU|WebGL|WebAssembly|JavaScript), .* · all 1,259 rows/);
}

test('the average follows the slider, and is the one that the server computes', async ({ page, stocks }) => {
  await explore(page, stocks.id);
  await expect(chart(page)).toContainText('AAPL sma 171.0125');
  await page.getByRole('textbox', { name: 'Window' }).fill('50');
  await expect(chart(page)).toContainText('AAPL sma 171.7554');
  const slider = page.getByRole('slider', { name: 'Window' });
  await slider.press('End');
  await expect(chart(page)).not.toContainText('AAPL sma 171.7554');
  await expect(page.getByRole('textbox', { name: 'Window' })).toHaveValue('629');
  await slider.press('Home');
  await expect(page.getByRole('textbox', { name: 'Window' })).toHaveValue('2');
  await choose(page, 'Statistic', 'Standard deviation');
  await expect(page.getByRole('figure', { name: 'Standard deviation of AAPL, MSFT' })).toContainText('AAPL std');
});

test('the correlation in sight is that of the server, of all rows and of those zoomed to', async ({ page, client, stocks }) => {
  await explore(page, stocks.id);
  await expect.poll(() => shownR(page)).toBeCloseTo(await jobR(client, stocks.id, 'pearson'), 4);
  await page.getByText('Spearman', { exact: true }).click();
  await expect.poll(() => shownR(page)).toBeCloseTo(await jobR(client, stocks.id, 'spearman'), 4);
  await choose(page, 'Correlation of', 'Log returns');
  await expect.poll(() => shownR(page)).toBeCloseTo(await jobR(client, stocks.id, 'spearman', {}, 'log-return'), 4);
  await choose(page, 'Correlation of', 'Values');

  const box = (await chart(page).locator('canvas').boundingBox())!;
  await page.mouse.move(box.x + 200, box.y + 120);
  await page.mouse.down();
  await page.mouse.move(box.x + 400, box.y + 120, { steps: 5 });
  await page.mouse.up();
  const link = page.getByRole('link', { name: 'Run this correlation on the server' });
  await expect(link).toHaveAttribute('href', /from/);
  const settings: unknown = JSON.parse(new URL((await link.getAttribute('href')) ?? '', 'http://page').searchParams.get('settings') ?? '');
  const { from, to } = (settings as { input: { from: string; to: string } }).input;
  await expect.poll(() => shownR(page)).toBeCloseTo(await jobR(client, stocks.id, 'spearman', { from, to }), 4);
});

test('what is explored is filled in where the server is asked for it', async ({ page, stocks }) => {
  await explore(page, stocks.id);
  await page.getByRole('textbox', { name: 'Window' }).fill('33');
  await choose(page, 'Statistic', 'Median');
  await page.getByRole('link', { name: 'Run this median on the server' }).click();
  await page.getByRole('button', { name: 'Run the analysis' }).click();
  await expect(page.getByRole('status', { name: 'Stage' })).toHaveText('Succeeded');
  await expect(page.getByRole('main')).toContainText('median_33');
});

test('one series has no correlation, and the page says what to do', async ({ page, stocks }) => {
  await page.goto(`/datasets/${stocks.id}`);
  await page.getByRole('region', { name: 'Preview' }).getByText('Explore', { exact: true }).click();
  await expect(page.getByText('Choose a second series')).toBeVisible();
});

test('of more rows than a page fetches, it says that it computes on the reduced line', async ({ page, client }) => {
  const long = await client.importDataset(new Blob([walks(2, 100_100)]), { name: 'long walks' });
  await page.goto(`/datasets/${long.id}`);
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText('Explore', { exact: true }).click();
  const series = preview.getByRole('combobox', { name: 'Series' });
  await series.fill('w1');
  await page.getByRole('option', { name: 'w1', exact: true }).click();
  await series.press('Escape');
  await expect(computed(page)).toContainText('on the reduced line: 100,100 rows as 4,000 points');
  // Read at even steps, random walks correlate nearly as in all rows.
  const job = await client.submit({ analysis: 'correlation', input: { dataset: long.id }, params: { output: 'pairs' } });
  for await (const batch of client.result(job.id, 'pairs')) await expect.poll(() => shownR(page)).toBeCloseTo(Number(batch.getChild('r')?.get(0)), 2);
});
