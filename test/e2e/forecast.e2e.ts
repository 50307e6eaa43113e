import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { choose, expect, importFile, test } from './fixtures.ts';

const native = process.env['CORRENTE_NATIVE_DIR'] ?? fileURLToPath(new URL('../../packages/compute/native/build', import.meta.url));
const etth1 = join(process.env['CORRENTE_DATA'] ?? '', 'ETTh1.csv');

test('a forecast goes from the form to its chart, its losses seen as they come, and is held against the last value', async ({ page, stocks }) => {
  test.skip(!existsSync(`${native}/corrente_cpu.node`), 'needs the native engine, which a C++ compiler builds');
  test.setTimeout(240_000);
  await page.goto(`/new?dataset=${stocks.id}`);
  await page.getByRole('radio', { name: 'Forecast', exact: true }).click();
  await choose(page, 'Field', 'volume');
  await page.getByRole('combobox', { name: 'Series', exact: true }).pressSequentially('AAPL,KO,MSFT,');
  await page.getByRole('combobox', { name: 'Series', exact: true }).press('Escape');
  await choose(page, 'Model', 'LSTM');
  await page.getByRole('textbox', { name: /^Horizon/ }).fill('5');
  await expect(page.getByRole('textbox', { name: /^Units/ })).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^Season/ })).toBeHidden();
  await page.getByRole('button', { name: 'Training' }).click();
  await page.getByRole('textbox', { name: /^Epochs/ }).fill('40');
  await page.getByRole('textbox', { name: /^Patience/ }).fill('40');
  await page.getByRole('button', { name: 'Run the analysis' }).click();

  // While it trains there are no metrics: what is shown is the training.
  const training = page.getByRole('status', { name: 'Training', exact: true });
  await expect(training).toContainText(/^\d+ epochs? in .*; the best is epoch \d+/, { timeout: 120_000 });
  const epochs = Number.parseInt((await training.textContent()) ?? '', 10);
  expect(epochs).toBeGreaterThan(0);
  expect(epochs).toBeLessThan(40);
  await expect(page.getByRole('figure', { name: 'Loss by epoch' })).toContainText(/epoch \d+.*train loss .*validation loss/);

  await expect(page.getByRole('status', { name: 'Stage' })).toHaveText('Succeeded', { timeout: 180_000 });
  await expect(page.getByRole('status', { name: 'Summary', exact: true })).toHaveText(/^The mean squared error of LSTM is 0\.\d+, against [\d.]+ of repeating the last value: [\d.]+ % (less|more)\.$/);
  await expect(page.getByRole('table', { name: 'Test error by series' }).getByRole('row')).toHaveCount(5);

  await page.getByRole('tab', { name: 'Forecast' }).click();
  const chart = page.getByRole('figure', { name: 'Forecast of AAPL' });
  await expect(chart).toContainText(/forecast [\d.,−]+lower [\d.,−]+upper [\d.,−]+/);
  await chart.getByRole('img').focus();
  for (let row = 0; row < 8; row++) await page.keyboard.press('ArrowLeft');
  await expect(chart).toContainText(/AAPL [1-9]/);
  await page.getByText('Whole', { exact: true }).click();
  await choose(page, 'Series', 'KO');
  await expect(page.getByRole('figure', { name: 'Forecast of KO' })).toContainText('forecast');
});

test('NLinear on ETTh1 is as good in the dashboard as in its paper, by step against the last value', async ({ page, client }) => {
  test.skip(!existsSync(etth1), 'needs ETTh1.csv in the folder that CORRENTE_DATA names');
  test.skip(!existsSync(`${native}/corrente_cpu.node`), 'needs the native engine, which a C++ compiler builds');
  test.setTimeout(300_000);
  const { id } = await importFile(client, etth1);
  const job = await client.submit({ analysis: 'forecast', input: { dataset: id }, params: { horizon: 96, split: { train: 8640, validation: 2880, test: 2880 } }, precision: 'f32' });
  await page.goto(`/jobs/${job.id}`);
  await expect(page.getByRole('status', { name: 'Stage' })).toHaveText('Succeeded', { timeout: 280_000 });
  await expect(page.getByRole('status', { name: 'Summary', exact: true })).toHaveText(/^The mean squared error of NLinear is 0\.3[67]\d+, against 1\.294 of repeating the last value/);
  await page.getByRole('tab', { name: 'Error by step' }).click();
  await expect(page.getByRole('figure', { name: 'Test error by step' })).toContainText('step 96');
});

test('what a model does not take is hidden, and a tree of the clusters is drawn with its groups', async ({ page, client, stocks }) => {
  const job = await client.submit({ analysis: 'cluster', input: { dataset: stocks.id, field: 'close', series: ['JPM', 'BAC', 'XOM', 'CVX', 'KO', 'PEP'], transform: 'log-return' }, params: { method: 'hierarchical', clusters: 3 } });
  await page.goto(`/jobs/${job.id}`);
  await expect(page.getByRole('img', { name: 'Cluster 1' })).toBeVisible();
  await page.getByRole('tab', { name: 'Tree' }).click();
  const tree = page.getByRole('img', { name: /^Tree of the clusters/ });
  await expect(tree).toHaveAccessibleName(/: .*(BAC, JPM|JPM, BAC).*/);
  await expect(tree.locator('circle')).toHaveCount(6);

  await page.goto(`/new?job=${job.id}`);
  await expect(page.getByRole('textbox', { name: /^Starts/ })).toBeHidden();
  await choose(page, 'Method', 'k-means');
  await page.getByRole('button', { name: 'Computation' }).click();
  await expect(page.getByRole('textbox', { name: /^Starts/ })).toBeVisible();
});

test('a spike is flagged on the line, and its score stands below at the same place', async ({ page, client, platform }) => {
  const rows = Array.from({ length: 400 }, (_, row) => `${new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10)},${row === 250 ? 90 : (Math.sin(row) * 3).toFixed(4)}`);
  const file = join(platform.home, 'spike.csv');
  await writeFile(file, `date,load\n${rows.join('\n')}\n`);
  const { id } = await importFile(client, file);
  const job = await client.submit({ analysis: 'anomaly', input: { dataset: id }, params: { threshold: 10 } });
  await page.goto(`/jobs/${job.id}`);
  await expect(page.getByRole('status', { name: 'Flagged', exact: true })).toHaveText('Flagged: 1 stretch of rows, shaded.');
  const [line, score] = [page.getByRole('figure', { name: 'load with its anomalies' }), page.getByRole('figure', { name: 'Score of load' })];
  await score.getByRole('img').focus();
  for (let row = 0; row < 149; row++) await page.keyboard.press('ArrowLeft');
  await expect(score).toContainText('2020-09-07');
  await expect(line).toContainText('load 90');
});
