import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.ts';

const native = process.env['CORRENTE_NATIVE_DIR'] ?? fileURLToPath(new URL('../../packages/compute/native/build', import.meta.url));

test('indicators are chosen from the list, given numbers of their own, and drawn with prices over the price', async ({ page, stocks }) => {
  test.skip(!existsSync(`${native}/corrente_cpu.node`), 'needs the native engine, which a C++ compiler builds');
  await page.goto(`/new?dataset=${stocks.id}`);
  await page.getByRole('radio', { name: 'Technical indicators' }).click();
  await page.getByRole('combobox', { name: 'Series' }).pressSequentially('AAPL,MSFT,');
  await page.getByRole('textbox', { name: 'Period of bollinger' }).fill('20');
  await page.getByRole('combobox', { name: /^Indicators/ }).fill('average true');
  await page.getByRole('option', { name: 'Average true range · atr' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Run the analysis' }).click();

  const price = page.getByRole('figure', { name: 'AAPL with its indicators' });
  await expect(price).toContainText('close 159.54');
  await expect(price).toContainText('bollinger_20_2_2_upper 184.6508');
  await expect(price).not.toContainText('rsi');
  await expect(page.getByRole('figure', { name: 'Relative strength index of AAPL' })).toContainText('rsi 33.6822');
  await expect(page.getByRole('figure', { name: 'Moving average convergence/divergence of AAPL' })).toContainText('macd_signal −1.764316');
  await expect(page.getByRole('figure', { name: 'Average true range of AAPL' })).toContainText('atr 3.803172');
});

test('the panels of the indicators have one cursor and one zoom', async ({ page, client, stocks }) => {
  test.skip(!existsSync(`${native}/corrente_cpu.node`), 'needs the native engine, which a C++ compiler builds');
  const job = await client.submit({ analysis: 'indicators', input: { dataset: stocks.id, field: 'close', series: ['KO', 'PEP'] }, params: { names: ['ema(20)', 'rsi', 'rsi(7)', 'obv'] } });
  await page.goto(`/jobs/${job.id}`);
  const [price, rsi, obv] = [page.getByRole('figure', { name: 'KO with its indicators' }), page.getByRole('figure', { name: 'Relative strength index of KO' }), page.getByRole('figure', { name: 'On balance volume of KO' })];
  await expect(page.getByRole('figure', { name: 'Relative strength index (7) of KO' })).toContainText('rsi_7');
  await expect(price).toContainText('2018-02-07');
  await rsi.getByRole('img').focus();
  await page.keyboard.press('ArrowLeft');
  for (const chart of [price, rsi, obv]) await expect(chart).toContainText('2018-02-06');

  await page.keyboard.press('+');
  for (const chart of [price, rsi, obv]) await expect(chart.getByRole('button', { name: 'Show all' })).toBeVisible();
  await page.getByText('ema_20', { exact: true }).first().click();
  await expect(price).not.toContainText('ema_20');
  await expect(price.getByRole('button', { name: 'Show all' })).toBeVisible();
  await obv.getByRole('button', { name: 'Show all' }).click();
  for (const chart of [price, rsi, obv]) await expect(chart.getByRole('button', { name: 'Show all' })).toBeHidden();
});

test('what an indicator cannot have is told at its name, before anything is submitted', async ({ page, client, stocks, expected }) => {
  expected.push(/status of 4\d\d/);
  const before = (await client.jobs({ analysis: 'indicators' })).items.length;
  await page.goto(`/new?dataset=${stocks.id}&analysis=indicators`);
  await page.getByRole('combobox', { name: /^Indicators/ }).fill('obv');
  await page.getByRole('option', { name: 'On balance volume · obv' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Fields of a bar' }).click();
  await page.getByRole('textbox', { name: 'Volume' }).fill('turnover');
  await expect(page.getByText('Not one of open, high, low, close, volume.', { exact: true })).toBeVisible();
  expect((await client.jobs({ analysis: 'indicators' })).items).toHaveLength(before);
});
