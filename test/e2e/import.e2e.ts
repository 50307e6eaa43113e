import { expect, pickFile, test } from './fixtures.ts';

/** Line 4 has a cell that is no number, line 6 repeats a time, 2020-01-07 to 09 are not there. */
const quirks = `date,north,south
2020-01-01,1,10
2020-01-02,2,11
2020-01-03,oops,12
2020-01-04,4,13
2020-01-04,5,14
2020-01-05,6,15
2020-01-06,7,16
2020-01-10,8,17
2020-01-11,9,
2020-01-12,10,19
`;
const ragged = 'date,a,b\n2020-01-01,1,2\n2020-01-02,3\n2020-01-03,5,6\n2020-01-04,7,8\n';

test('a file that is dropped becomes a data set whose report names every finding and its lines', async ({ page }) => {
  await page.goto('/');
  await pickFile(page, { name: 'quirks.csv', content: quirks });
  await expect(page.getByRole('heading', { name: 'quirks.csv', level: 1 })).toBeVisible();
  const findings = page.getByRole('list', { name: 'Findings' });

  await findings.getByRole('button', { name: '1 cell that is no number' }).click();
  await expect(findings.getByRole('table', { name: '1 cell that is no number' }).getByRole('row').nth(1)).toHaveText(/4\s*north\s*oops/);
  await findings.getByRole('button', { name: '1 time that occurs twice' }).click();
  await expect(findings.getByRole('table', { name: '1 time that occurs twice' }).getByRole('row').nth(1)).toHaveText(/[56]\s*.*2020-01-04/);
  await findings.getByRole('button', { name: /1 gap, 3 rows missing/ }).click();
  await expect(findings.getByRole('table', { name: /1 gap/ }).getByRole('row').nth(1)).toHaveText(/2020-01-06\s*2020-01-10\s*3/);
  await expect(findings.getByText('1 empty cell')).toBeVisible();

  await expect(page.getByText('2020-01-01', { exact: true })).toBeVisible();
  await expect(page.getByText('to 2020-01-12')).toBeVisible();
});

test('the preview of a data set draws the series that is chosen', async ({ page, stocks }) => {
  await page.goto(`/datasets/${stocks.id}`);
  const preview = page.getByRole('figure', { name: /Preview of/ });
  await expect(preview.locator('canvas')).toBeVisible();
  await page.getByRole('combobox', { name: 'Series' }).fill('MSFT');
  await page.getByRole('option', { name: 'MSFT', exact: true }).click();
  await expect(page.getByRole('figure', { name: /MSFT/ }).getByText(/MSFT 89\.61/)).toBeVisible();
});

test('a file that is refused says why and where, and is taken once the page is told how to read it', async ({ page, expected }) => {
  expected.push(/status of 422/);
  await page.goto('/datasets');
  await pickFile(page, { name: 'ragged.csv', content: ragged });
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Rows differ in their number of columns');
  await expect(alert).toContainText('3');
  await expect(alert).toContainText('badRows=skip');

  await page.getByRole('combobox', { name: 'Rows of another length' }).click();
  await page.getByRole('option', { name: 'Skip the rows' }).click();
  await page.getByRole('button', { name: 'Import ragged.csv again' }).click();
  await expect(page.getByRole('heading', { name: 'ragged.csv', level: 1 })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Findings' })).toContainText('1 row of another length');
});

test('a data set can be deleted, and is gone from the list', async ({ page, client }) => {
  const { id } = await client.importDataset(new Blob(['date,x,y\n2021-05-01,1,2\n2021-05-02,2,1\n2021-05-03,4,3\n']), { name: 'short-lived.csv' });
  await page.goto(`/datasets/${id}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete the data set' }).click();
  await expect(page.getByRole('heading', { name: 'Data sets', level: 1 })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Data sets' }).getByRole('link', { name: 'short-lived.csv' })).toHaveCount(0);
});
