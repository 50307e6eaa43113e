import { tableFromIPC } from 'apache-arrow';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { choose, expect, test } from './fixtures.ts';

/** The README's picture: made where it is missing, and anew with UPDATE_IMAGES=1. */
const screenshot = fileURLToPath(new URL('../../docs/images/dashboard.png', import.meta.url));
const heatmap = (page: Page) => page.getByRole('img', { name: /Correlation heatmap/ });
const readout = (page: Page) => page.getByLabel('Cell under the cursor');

/** Points at a cell of a heatmap of `size` series in the order of the file. */
async function pointAt(page: Page, row: number, column: number, size: number): Promise<void> {
  const map = heatmap(page);
  const box = (await map.boundingBox())!;
  const gutter = box.width < 480 ? 46 : 64;
  const cell = (box.width - gutter) / size;
  await map.hover({ position: { x: gutter + (column + 0.5) * cell, y: gutter + (row + 0.5) * cell } });
}

test('a correlation is put together in the form, watched, and read from the heatmap', async ({ page, stocks }) => {
  await page.goto(`/datasets/${stocks.id}`);
  await page.getByRole('main').getByRole('link', { name: 'New analysis' }).click();
  await page.getByRole('radio', { name: 'Correlation' }).click();
  const series = page.getByRole('combobox', { name: 'Series' });
  for (const name of ['AAPL', 'MSFT', 'KO', 'PEP']) await series.pressSequentially(`${name},`);
  await series.press('Escape');
  await choose(page, 'Transform', 'Log return');
  await choose(page, 'Output', 'Matrix and pairs');
  const estimate = page.getByLabel('Estimate').last();
  await expect(estimate).toContainText(/Series\s*4/);
  await page.getByRole('button', { name: 'Run the analysis' }).click();

  await expect(page.getByRole('status', { name: 'Stage' })).toHaveText('Succeeded');
  await expect(heatmap(page)).toHaveAccessibleName('Correlation heatmap of 4 series, 4 rows arrived');
  await pointAt(page, 0, 1, 4);
  await expect(readout(page)).toHaveText('AAPL · MSFTr = 0.367899');
  await pointAt(page, 3, 2, 4);
  await expect(readout(page)).toHaveText('PEP · KOr = 0.647164');
});

test('the heatmap follows the keyboard, and its order can be changed', async ({ page, client, stocks }) => {
  const job = await client.submit({ analysis: 'correlation', input: { dataset: stocks.id, field: 'close', series: ['PEP', 'AAPL', 'KO', 'MSFT', 'JPM', 'BAC'], transform: 'log-return' } });
  await page.goto(`/jobs/${job.id}`);
  await expect(heatmap(page)).toHaveAccessibleName(/6 rows arrived/);
  await heatmap(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(readout(page)).toContainText('PEP · AAPL');
  await page.keyboard.press('ArrowDown');
  await expect(readout(page)).toContainText('AAPL · AAPL');
  await expect(readout(page)).toContainText('r = 1.000000');

  await choose(page, 'Order', 'Alphabetical');
  await heatmap(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(readout(page)).toContainText('AAPL · BAC');

  await choose(page, 'Order', 'By cluster');
  await heatmap(page).focus();
  const columns: string[] = [];
  for (let column = 1; column < 6; column++) {
    await page.keyboard.press('ArrowRight');
    columns.push(/ · (\S+?)r = /.exec((await readout(page).textContent()) ?? '')?.[1] ?? '');
  }
  // The banks stand together, and so do the soft drinks.
  expect(columns.join(' ')).toMatch(/JPM BAC|BAC JPM/);
  expect(columns.join(' ')).toMatch(/KO PEP|PEP KO|^(KO|PEP) /);

  await page.keyboard.press('Enter');
  await expect(page.getByRole('table', { name: /Correlations with/ }).getByRole('row')).toHaveCount(5);
});

test('pairs are listed strongest first, sorted by a click, and narrow on demand', async ({ page, client, stocks }) => {
  const job = await client.submit({ analysis: 'correlation', input: { dataset: stocks.id, field: 'close', series: ['AAPL', 'MSFT', 'KO', 'PEP'], transform: 'log-return' }, params: { output: 'pairs' } });
  await page.goto(`/jobs/${job.id}`);
  const table = page.getByRole('table', { name: 'Pairs' });
  await expect(table.getByRole('row').nth(1)).toContainText(/KO\s*PEP|PEP\s*KO/);
  await expect(table.getByRole('row').nth(1)).toContainText('0.647164');
  await expect(table.getByRole('columnheader', { name: 'r', exact: true })).toHaveAttribute('aria-sort', 'descending');
  await table.getByRole('button', { name: 'a', exact: true }).click();
  await expect(table.getByRole('row').nth(1)).toContainText('AAPL');
  await expect(table.getByRole('row')).toHaveCount(7);
});

test('a result can be had as CSV, Parquet and Arrow, and each holds the same numbers', async ({ page, client, stocks }) => {
  const job = await client.submit({ analysis: 'correlation', input: { dataset: stocks.id, field: 'close', series: ['AAPL', 'MSFT', 'KO'], transform: 'log-return' } });
  await client.wait(job.id);
  await page.goto(`/jobs/${job.id}`);
  await expect(heatmap(page)).toHaveAccessibleName(/3 rows arrived/);
  const save = async (format: string): Promise<string> => {
    await page.getByRole('button', { name: 'Download' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: new RegExp(`^${format}\\b`) }).click()]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${format.toLowerCase()}$`));
    return download.path();
  };

  const lines = (await readFile(await save('CSV'), 'utf8')).trim().split(/\r?\n/);
  expect(lines[0]).toBe('series,AAPL,MSFT,KO');
  expect(lines).toHaveLength(4);
  const csv = lines.slice(1).map((line) => line.split(',').slice(1).map(Number));
  expect(csv[0]![1]).toBeCloseTo(0.367899, 6);

  const arrow = tableFromIPC(await readFile(await save('Arrow')));
  expect(arrow.numRows).toBe(3);
  const columns = ['AAPL', 'MSFT', 'KO'].map((name) => arrow.getChild(name)!);
  expect([0, 1, 2].map((row) => columns.map((column) => column.get(row)))).toEqual(csv);

  const parquet = await save('Parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const read = await connection.runAndReadAll(`SELECT * FROM read_parquet('${parquet.replaceAll("'", "''")}')`);
  expect(read.getRows().map((row) => row.slice(1))).toEqual(csv);
  connection.closeSync();
});

test('the correlations of the 470 complete stocks are drawn by cluster, and their mean is 0.282547', async ({ page, client, stocks }) => {
  const incomplete = new Set([...stocks.report.lateSeries.places, ...stocks.report.gaps.places].map(({ series }) => series));
  const complete = stocks.series.filter((name) => !incomplete.has(name));
  expect(complete).toHaveLength(470);
  const job = await client.submit({ analysis: 'correlation', input: { dataset: stocks.id, field: 'close', series: complete, transform: 'log-return' } });
  await page.goto(`/jobs/${job.id}`);
  await expect(page.getByRole('status', { name: 'Stage' })).toHaveText('Succeeded');
  await expect(page.getByText('0.282547')).toBeVisible();
  await expect(page.getByText('0.9846 DISCA–DISCK')).toBeVisible();

  await choose(page, 'Order', 'By cluster');
  await page.getByRole('combobox', { name: 'Find a series' }).fill('KO');
  await page.getByRole('option', { name: 'KO', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Correlations with KO' }).getByRole('row').first()).toHaveText(/PEP\s*0\.6472/);

  await expect(page.getByText('Ordering …')).toBeHidden();
  await page.setViewportSize({ width: 1280, height: 1080 });
  await pointAt(page, 235, 120, 470);
  const picture = await page.screenshot({ animations: 'disabled' });
  expect(picture.length).toBeGreaterThan(50_000);
  if (process.env['UPDATE_IMAGES'] !== '1' && existsSync(screenshot)) return;
  await mkdir(dirname(screenshot), { recursive: true });
  await writeFile(screenshot, picture);
});
