import { choose, expect, test } from './fixtures.ts';

test('moving averages are drawn over their series, and the read-out tells the last values', async ({ page, stocks }) => {
  await page.goto(`/new?dataset=${stocks.id}`);
  await page.getByRole('radio', { name: 'Moving averages' }).click();
  await page.getByRole('combobox', { name: 'Series' }).pressSequentially('AAPL,MSFT,');
  await page.getByRole('button', { name: 'Run the analysis' }).click();
  const chart = page.getByRole('figure', { name: 'AAPL with its averages' });
  await expect(chart).toContainText('2018-02-07');
  await expect(chart).toContainText('close 159.54');
  await expect(chart).toContainText('sma_20 171.0125');
  await expect(chart).toContainText('sma_50 171.7554');
  await expect(page.getByRole('status', { name: 'Rows of Values' })).toHaveText('2,518 rows');

  await choose(page, 'Series', 'MSFT');
  await expect(page.getByRole('figure', { name: 'MSFT with its averages' })).toContainText('close 89.61');
  await page.getByText('sma_50', { exact: true }).first().click();
  await expect(page.getByRole('figure', { name: 'MSFT with its averages' })).not.toContainText('sma_50');
});

test('the chart zooms by dragging and by keys, and shows everything again when asked', async ({ page, client, stocks }) => {
  const job = await client.submit({ analysis: 'moving-average', input: { dataset: stocks.id, field: 'close', series: ['KO'] } });
  await page.goto(`/jobs/${job.id}`);
  const chart = page.getByRole('figure', { name: 'KO with its averages' });
  const box = (await chart.locator('canvas').boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 120);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 120, { steps: 5 });
  await page.mouse.up();
  await chart.getByRole('button', { name: 'Show all' }).click();
  await expect(chart.getByRole('button', { name: 'Show all' })).toBeHidden();

  await chart.getByRole('img').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(chart).toContainText('2018-02-06');
  await page.keyboard.press('+');
  await expect(chart.getByRole('button', { name: 'Show all' })).toBeVisible();
  await page.keyboard.press('0');
  await expect(chart.getByRole('button', { name: 'Show all' })).toBeHidden();
});

test('statistics are chosen by words, over rows and time, and those of another scale have panels of their own', async ({ page, stocks }) => {
  await page.goto(`/new?dataset=${stocks.id}&analysis=moving-average`);
  await page.getByRole('combobox', { name: 'Series' }).pressSequentially('AAPL,');
  await page.getByRole('combobox', { name: 'Series' }).press('Escape');
  await expect(page.getByRole('combobox', { name: /^Quantiles/ })).toBeHidden();
  const kinds = page.getByRole('combobox', { name: /^Kinds/ });
  for (const [typed, option] of [['quant', 'Quantiles'], ['devi', 'Standard deviation'], ['z-s', 'Z-score']] as const) {
    await kinds.fill(typed);
    await page.getByRole('option').filter({ hasText: new RegExp(`^${option}`) }).first().click();
  }
  await kinds.press('Escape');
  await expect(page.getByRole('combobox', { name: /^Quantiles/ })).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^ALMA/ })).toBeHidden();
  await page.getByRole('combobox', { name: /^Windows/ }).pressSequentially('30 D,');
  await page.getByRole('button', { name: 'Run the analysis' }).click();

  const price = page.getByRole('figure', { name: 'AAPL with its averages' });
  await expect(price).toContainText('sma_20 171.0125');
  await expect(price).toContainText('quantile_20_0.95 179.108');
  await expect(price).toContainText('sma_30d 171.1705');
  await expect(price).not.toContainText('std');
  await expect(page.getByRole('figure', { name: 'Standard deviation of AAPL' })).toContainText('std_20 6.99629');
  await expect(page.getByRole('figure', { name: 'Z-score of AAPL' })).toContainText('zscore_20 −1.639798');
});

test('what the server refuses is told at the field it belongs to, before anything is submitted', async ({ page, client, stocks, expected }) => {
  expected.push(/status of 4\d\d/);
  const before = (await client.jobs({ analysis: 'moving-average' })).items.length;
  await page.goto(`/new?dataset=${stocks.id}&analysis=moving-average`);
  await page.getByRole('combobox', { name: /^Windows/ }).pressSequentially('5x,');
  await expect(page.getByText(/^Entry 3: expected a number of rows, or a length of time/i)).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(page.getByText(/^Entry 3/)).toBeHidden();

  await page.getByRole('combobox', { name: 'Series' }).pressSequentially('AAPL,NOBODY,');
  await expect(page.getByText(/^Entry 2: /)).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'The data set has no such series' })).toBeVisible();
  expect((await client.jobs({ analysis: 'moving-average' })).items).toHaveLength(before);
});

test('a window longer than the series fails the job, and the failure names the window', async ({ page, client, stocks }) => {
  const job = await client.submit({ analysis: 'moving-average', input: { dataset: stocks.id, field: 'close', series: ['KO'] }, params: { windows: [20, 5000] } });
  await page.goto(`/jobs/${job.id}`);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The window is longer than the series');
  await expect(alert).toContainText('/params/windows/1');
  await expect(alert).toContainText('Choose a window of at most the number of rows');
});
