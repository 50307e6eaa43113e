import type { Page } from '@playwright/test';
import { choose, expect, test } from './fixtures.ts';
import { walks } from './series.ts';

const figures = (page: Page) => page.getByLabel('About the matrix');

test('a rolling correlation is put together in the form, which hides what windows exclude, and drawn for the pairs that vary most', async ({ page, stocks }) => {
  await page.goto(`/new?dataset=${stocks.id}&analysis=correlation`);
  await page.getByRole('combobox', { name: 'Series' }).pressSequentially('AAPL,MSFT,KO,PEP,JPM,BAC,');
  await page.getByRole('combobox', { name: 'Series' }).press('Escape');
  await choose(page, 'Transform', 'Log return');
  await expect(page.getByRole('button', { name: 'Lead and lag' })).toBeVisible();
  await page.getByRole('button', { name: 'Rolling' }).click();
  await page.getByRole('textbox', { name: 'Window (rows)' }).fill('60');
  await page.getByRole('textbox', { name: 'Step (rows)' }).fill('5');
  for (const group of ['Lead and lag', 'Robust estimation', 'Pairs']) await expect(page.getByRole('button', { name: group })).toBeHidden();
  await expect(page.getByRole('combobox', { name: 'Output' })).toBeHidden();
  await page.getByRole('button', { name: 'Run the analysis' }).click();

  const chart = page.getByRole('figure', { name: 'Correlation over time' });
  // Spread, extremes and last value as pandas has them: rolling(60).corr, every fifth window.
  await expect(chart).toContainText('2018-02-02');
  await expect(chart).toContainText('PEP – JPM −0.0306558');
  const first = page.getByRole('table', { name: 'Pairs that vary most' }).getByRole('row').nth(1);
  await expect(first).toHaveText(/PEP – JPM\s*−0\.4634\s*0\.2595\s*0\.8069\s*0\.2847/);

  await page.getByRole('combobox', { name: /^Pairs/ }).fill('ko pep');
  await page.getByRole('option', { name: 'KO – PEP' }).click();
  await expect(chart).toContainText('KO – PEP 0.719637');
  await page.getByRole('button', { name: 'PEP – JPM' }).click();
  await expect(chart).not.toContainText('PEP – JPM');
});

test('who leads whom is told in words, and how many pairs are strongest at each lag', async ({ page, client }) => {
  // b is a, two rows later; c follows b by one; all else is made up for itself.
  const [, ...rows] = walks(3, 400, 7).trim().split('\n');
  const walk = rows.map((row) => row.split(',')[1] ?? '');
  const csv = ['date,a,b,c,d', ...rows.slice(3).map((row, i) => [row.split(',')[0], walk[i + 3], walk[i + 1], walk[i], row.split(',')[2]].join(','))].join('\n');
  const { id } = await client.importDataset(new Blob([csv]), { name: 'followers.csv' });
  const job = await client.submit({ analysis: 'correlation', input: { dataset: id, transform: 'difference' }, params: { maxLag: 5, output: 'both' } });
  await page.goto(`/jobs/${job.id}`);
  await page.getByRole('tab', { name: 'Pairs' }).click();
  const bars = page.getByRole('table', { name: 'Strongest pairs' });
  await expect(bars.getByRole('row', { name: 'a leads b by 2 rows' })).toContainText('1.0000');
  await expect(bars.getByRole('row', { name: 'a leads c by 3 rows' })).toContainText('1.0000');
  await expect(bars.getByRole('row', { name: 'b leads c by 1 row' })).toContainText('1.0000');
  await expect(page.getByRole('img', { name: /^6 pairs: / })).toBeVisible();

  await page.getByText('Together', { exact: true }).click();
  await expect(page.getByText('a leads b by 2 rows')).toBeHidden();
  await page.getByText('One leads', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Series' }).fill('b');
  await page.getByRole('option', { name: 'b', exact: true }).click();
  await expect(bars).toContainText('a leads b by 2 rows');
  await expect(bars).not.toContainText('a leads c');
});

test('the heatmap stands in the order of the job’s own tree, and can be put back', async ({ page, client, stocks }) => {
  const job = await client.submit({ analysis: 'correlation', input: { dataset: stocks.id, field: 'close', series: ['PEP', 'JPM', 'AAPL', 'KO', 'BAC', 'MSFT'], transform: 'log-return' }, params: { order: 'hierarchical' } });
  await client.wait(job.id);
  const series = Array.from((await client.resultTable(job.id, 'order')).getChild('series') ?? [], String);
  expect(series).toHaveLength(6);
  await page.goto(`/jobs/${job.id}`);
  await expect(page.getByRole('combobox', { name: 'Order' })).toHaveValue('Clusters');
  const map = page.getByRole('img', { name: /^Correlation heatmap of 6 series, 6 rows arrived/ });
  const readout = page.getByLabel('Cell under the cursor');
  await expect(readout).toContainText('Point at a cell');
  await map.focus();
  for (const name of series.slice(1)) {
    await page.keyboard.press('ArrowRight');
    await expect(readout).toContainText(`${series[0]} · ${name}r = `);
  }
  await page.reload();
  await choose(page, 'Order', 'As in the file');
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await expect(readout).toContainText('PEP · JPM');
});

test('covariances are coloured by their own range, and distance correlations from 0 to 1', async ({ page, client, stocks }) => {
  const input = { dataset: stocks.id, field: 'close', series: ['AAPL', 'MSFT', 'KO', 'PEP'], transform: 'log-return' as const };
  const covariance = await client.submit({ analysis: 'correlation', input, params: { method: 'covariance' } });
  await page.goto(`/jobs/${covariance.id}`);
  const map = page.getByRole('img', { name: 'Covariance heatmap of 4 series, 4 rows arrived' });
  await map.focus();
  await page.keyboard.press('ArrowRight');
  // As pandas' cov() has it.
  await expect(page.getByLabel('Cell under the cursor')).toContainText('cov = 0.00007626');
  await expect(page.getByRole('radiogroup', { name: 'Colours' })).toContainText('±0.0002');
  await expect(figures(page)).not.toContainText('0.5');

  const distance = await client.submit({ analysis: 'correlation', input, params: { method: 'distance' } });
  await page.goto(`/jobs/${distance.id}`);
  await expect(figures(page)).toContainText('Mean dCor');
  await expect(page.getByRole('radiogroup', { name: 'Colours' })).toContainText('0 to 1');
  await expect(figures(page)).not.toContainText('−1');
});
