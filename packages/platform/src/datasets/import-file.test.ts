/** What people send: every kind of text file, its mistakes, and what the report says of them. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importBench, type ImportBench } from './testing/imports.ts';
import { storedRows } from './testing/stored-rows.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench.remove());

const days = (count: number, row: (day: number) => string): string => Array.from({ length: count }, (_, day) => `2024-01-${String(day + 1).padStart(2, '0')},${row(day)}`).join('\n');

describe('delimiters, headers and numbers', () => {
  it.each([
    ['commas', 'time,a,b\n2024-01-01,1.5,2\n2024-01-02,-3,4e2\n'],
    ['tabs', 'time\ta\tb\n2024-01-01\t1.5\t2\n2024-01-02\t-3\t4e2\n'],
    ['bars', 'time|a|b\n2024-01-01|1.5|2\n2024-01-02|-3|4e2\n'],
    ['semicolons with decimal commas', 'time;a;b\n2024-01-01;1,5;2\n2024-01-02;-3,0;4e2\n'],
    ['blanks', '  time   a  b\n 2024-01-01  1.5    2\n2024-01-02 -3 4e2 \n'],
    ['CRLF', 'time,a,b\r\n2024-01-01,1.5,2\r\n2024-01-02,-3,4e2\r\n'],
    ['line ends of both kinds', 'time,a,b\r\n2024-01-01,1.5,2\n2024-01-02,-3,4e2\r\n'],
    ['line ends of old Macs', 'time,a,b\r2024-01-01,1.5,2\r2024-01-02,-3,4e2\r'],
    ['no line end at the end', 'time,a,b\n2024-01-01,1.5,2\n2024-01-02,-3,4e2'],
    ['a byte order mark', '\uFEFFtime,a,b\n2024-01-01,1.5,2\n2024-01-02,-3,4e2\n'],
    ['quotes', '"time","a","b"\n"2024-01-01","1.5","2"\n"2024-01-02","-3","4e2"\n'],
    ['comments and blank lines', '# made by hand\ntime,a,b\n\n2024-01-01,1.5,2\n% in between\n2024-01-02,-3,4e2\n\n'],
    ['blanks after the commas', 'time, a, b\n2024-01-01, 1.5, 2\n2024-01-02, -3, 4e2\n'],
  ])('reads %s', async (_, text) => {
    const data = await bench.import(text);
    expect(data).toMatchObject({ shape: 'wide', series: ['a', 'b'], from: '2024-01-01', to: '2024-01-02', rows: 2 });
    expect(await storedRows(bench, data)).toEqual([
      ['2024-01-01', 1.5, 2],
      ['2024-01-02', -3, 400],
    ]);
  });

  it('gives the same id to the same content, whatever it was written in', async () => {
    const [csv, tabs, unsorted] = await Promise.all([bench.import('time,a\n2024-01-01,1\n2024-01-02,2\n'), bench.import('time\ta\n2024-01-01\t1.0\n2024-01-02\t2e0\n'), bench.import('time,a\n2024-01-02,2\n2024-01-01,1\n')]);
    expect(tabs.id).toBe(csv.id);
    expect(unsorted.id).toBe(csv.id);
    expect((await bench.import('time,a\n2024-01-01,1\n2024-01-02,3\n')).id).not.toBe(csv.id);
  });

  it('numbers the columns of a file without header', async () => {
    const data = await bench.import('1,2\n3,4\n');
    expect(data).toMatchObject({ series: ['c0', 'c1'], timeKind: 'index', rows: 2 });
    expect(data.report.header).toBe(false);
  });

  it('reads one column of numbers', async () => {
    expect(await bench.import('x\n1\n2\n3.5\n')).toMatchObject({ series: ['x'], rows: 3, timeKind: 'index' });
  });

  it('gives two columns of the same name two names', async () => {
    const data = await bench.import('time,a,a\n2024-01-01,1,2\n2024-01-02,3,4\n');
    expect(data.series).toEqual(['a', 'a_2']);
    expect(data.report.notes.join()).toContain('"a" stands twice');
  });

  it('keeps names that differ only in case, or that would be SQL, as they are', async () => {
    const data = await bench.import(`time,OT,ot,"x""); DROP TABLE staging; --",it's\n2024-01-01,1,2,3,4\n2024-01-02,5,6,7,8\n`);
    expect(data.series).toEqual(['OT', 'ot', 'x"); DROP TABLE staging; --', "it's"]);
    expect(await storedRows(bench, data)).toEqual([['2024-01-01', 1, 2, 3, 4], ['2024-01-02', 5, 6, 7, 8]]);
  });

  it('knows the row names that R writes under no name', async () => {
    const data = await bench.import('time value\n1 2024-01-01 5\n2 2024-01-02 6\n3 2024-01-03 7\n');
    expect(data.series).toEqual(['value']);
    expect(data.report.ignoredColumns).toEqual([{ column: 'c0', reason: 'row numbers' }]);
  });

  it("takes pandas' index, which has no name, for row numbers", async () => {
    const data = await bench.import(',time,x\n0,2024-01-01,5\n1,2024-01-02,6\n2,2024-01-03,7\n');
    expect(data.series).toEqual(['x']);
    expect(data.report.timeColumn).toBe('time');
  });

  it('keeps a first column of row numbers where the mapping names it', async () => {
    expect((await bench.import('n,x\n1,5\n2,6\n3,7\n', { fields: ['n', 'x'] })).series).toEqual(['n', 'x']);
  });
});

describe('times', () => {
  it.each([
    ['ISO with fractions', ['2024-03-01T10:00:00.123456', '2024-03-01T10:00:01.5'], '2024-03-01T10:00:00.123456Z', '2024-03-01T10:00:01.5Z', 'timestamp'],
    ['offsets from UTC', ['2024-03-01T10:00:00+02:00', '2024-03-01T10:00:00Z'], '2024-03-01T08:00:00Z', '2024-03-01T10:00:00Z', 'timestamp'],
    ['seconds', ['1700000000', '1700000060'], '2023-11-14T22:13:20Z', '2023-11-14T22:14:20Z', 'epoch'],
    ['seconds with fractions', ['1700000000.25', '1700000000.5'], '2023-11-14T22:13:20.25Z', '2023-11-14T22:13:20.5Z', 'epoch'],
    ['milliseconds', ['1700000000001', '1700000060000'], '2023-11-14T22:13:20.001Z', '2023-11-14T22:14:20Z', 'epoch'],
    ['microseconds', ['1700000000000001', '1700000060000000'], '2023-11-14T22:13:20.000001Z', '2023-11-14T22:14:20Z', 'epoch'],
    ['nanoseconds', ['1700000000000001999', '1700000060000000000'], '2023-11-14T22:13:20.000001Z', '2023-11-14T22:14:20Z', 'epoch'],
    ['compact dates', ['20240229', '20240301'], '2024-02-29', '2024-03-01', 'date'],
    ['German dates', ['28.02.2024', '01.03.2024'], '2024-02-28', '2024-03-01', 'date'],
    ['American dates', ['2/28/2024', '3/1/2024'], '2024-02-28', '2024-03-01', 'date'],
    ['British dates', ['28/2/2024', '1/3/2024'], '2024-02-28', '2024-03-01', 'date'],
    ['months', ['2024-02', '2024-03'], '2024-02-01', '2024-03-01', 'date'],
    ['years', ['1999', '2000'], '1999-01-01', '2000-01-01', 'decimal-year'],
  ])('reads %s', async (_, cells, from, to, kind) => {
    const data = await bench.import(`time;x\n${cells.map((cell, row) => `${cell};${row}`).join('\n')}\n`);
    expect(data).toMatchObject({ from, to, series: ['x'], timeKind: 'timestamp' });
    expect(data.report.timeKind).toBe(kind);
  });

  it('says so where day and month cannot be told apart', async () => {
    expect((await bench.import('date,x\n1/2/2024,1\n3/4/2024,2\n')).report.notes.join()).toContain('month/day/year');
  });

  it('reads an hour that a clock change skips or repeats as UTC', async () => {
    const data = await bench.import('time,x\n2024-03-31 02:30:00,1\n2024-03-31 03:30:00,2\n');
    expect(data.from).toBe('2024-03-31T02:30:00Z');
  });

  it('refuses to drop an offset that only the middle of the file has', async () => {
    const row = (index: number, offset: string): string => `${new Date(Date.UTC(2024, 0, 1) + index * 60_000).toISOString().slice(0, 19)}${offset},${index}`;
    const rows = Array.from({ length: 30_000 }, (_, index) => row(index, index === 15_000 ? '+01:00' : ''));
    const { report } = await bench.import(`time,x\n${rows.join('\n')}\n`);
    expect(report.unsorted.count).toBe(1);
  });

  it('keeps columns that are numbers though they begin high', async () => {
    expect((await bench.import('time,x\n2024-01-01,1700000000\n2024-01-02,1700000001\n')).series).toEqual(['x']);
  });
});

describe('shapes', () => {
  const long = 'date,ticker,close\n2024-01-01,B,1\n2024-01-01,A,2\n2024-01-02,B,3\n2024-01-02,A,4\n2024-01-03,B,5\n';

  it('finds long data by names that share their times, and keeps the order of the series', async () => {
    const data = await bench.import(long);
    expect(data).toMatchObject({ shape: 'long', series: ['B', 'A'], fields: ['close'], rows: 5, timePoints: 3 });
    expect(data.report).toMatchObject({ keyColumn: 'ticker', completeSeries: 1 });
    expect(await storedRows(bench, data)).toEqual([[0, '2024-01-01', 1], [0, '2024-01-02', 3], [0, '2024-01-03', 5], [1, '2024-01-01', 2], [1, '2024-01-02', 4]]);
  });

  it('finds long data whose key only changes far behind the sample', async () => {
    const block = (name: string): string => Array.from({ length: 20_000 }, (_, row) => `${new Date(Date.UTC(2020, 0, 1) + row * 60_000).toISOString()},${name},${row}`).join('\n');
    const data = await bench.import(`at,label,v\n${block('first')}\n${block('second')}\n`);
    expect(data).toMatchObject({ shape: 'long', series: ['first', 'second'], timePoints: 20_000 });
  });

  it('leaves out a text that says nothing about the series', async () => {
    const data = await bench.import(`date,x,weather\n${days(9, (day) => `${day},${day % 2 ? 'rain' : 'sun'}`)}\n`);
    expect(data).toMatchObject({ shape: 'wide', series: ['x'] });
    expect(data.report.ignoredColumns).toEqual([{ column: 'weather', reason: 'text, such as "sun"' }]);
  });

  it('follows the mapping', async () => {
    const data = await bench.import('day;who;x;y\n2024-01-01;a;1;2\n2024-01-02;a;3;4\n2024-01-01;b;5;6\n', { time: 'day', key: 'who', fields: ['y'] });
    expect(data).toMatchObject({ shape: 'long', series: ['a', 'b'], fields: ['y'] });
    expect(data.report.ignoredColumns).toEqual([{ column: 'x', reason: 'not named in the mapping' }]);
    expect(await bench.import(long, { shape: 'wide' })).toMatchObject({ shape: 'wide', series: ['close'] });
    expect(await bench.import('time,x\n2024-01-01,1\n2024-01-02,2\n', { time: 'none', fields: ['x'] })).toMatchObject({ timeKind: 'index' });
  });

  it('names the place and a near name where the mapping names no column', async () => {
    const refusal = await bench.refusal('time,price\n2024-01-01,1\n', { fields: ['pirce'] });
    expect(refusal).toMatchObject({ code: 'invalid-mapping', places: [{ pointer: '/fields/0' }] });
    expect(refusal.message).toContain('did you mean price?');
  });

  it.each([
    [{ time: 'x' }, 'no-time-parsed'],
    [{ key: 'nobody' }, 'invalid-mapping'],
    [{ delimiter: 'ab' }, 'invalid-mapping'],
    [{ format: 'parquet' as const }, 'invalid-mapping'],
    [{ shape: 'long' as const }, 'invalid-mapping'],
    [{ shape: 'wide' as const, key: 'x' }, 'invalid-mapping'],
  ])('refuses the mapping %j as %s', async (mapping, code) => {
    expect((await bench.refusal('time,x\n2024-01-01,1\n2024-01-02,2\n', mapping)).code).toBe(code);
  });

  it('keeps a series called NA, and a quoted name with commas and line ends', async () => {
    const data = await bench.import('date,name,x\n2024-01-01,NA,1\n2024-01-01,"a,\nb",2\n2024-01-02,NA,3\n2024-01-02,"a,\nb",NA\n');
    expect(data.series).toEqual(['NA', 'a,\nb']);
    expect(data.report.missingCells).toEqual({ count: 1, places: [{ line: 6, column: 'x', text: 'NA' }] });
  });

  it('leaves out rows without a name or a time, and says so', async () => {
    const data = await bench.import('date,name,x\n2024-01-01,a,1\n2024-01-01,,2\n2024-01-01,b,3\n,b,4\n2024-01-02,b,5\n');
    expect(data).toMatchObject({ rows: 3, series: ['a', 'b'] });
    expect(data.report.notes).toEqual(expect.arrayContaining(['1 rows without a time were left out.', '1 rows without a name in "name" were left out.']));
  });
});

describe('cells', () => {
  it('counts missing cells with their lines, comments, blank lines and line ends counted', async () => {
    const { report } = await bench.import('# c\r\ntime,a,b\r\n\r\n2024-01-01,,1\r\n# c\r\n2024-01-02,NaN,NA\r\n2024-01-03,null,3\r\n');
    expect(report.missingCells).toEqual({
      count: 4,
      places: [
        { line: 4, column: 'a', text: '' },
        { line: 6, column: 'a', text: 'NaN' },
        { line: 6, column: 'b', text: 'NA' },
        { line: 7, column: 'a', text: 'null' },
      ],
    });
    expect(report).toMatchObject({ commentLines: 2, badCells: { count: 0 } });
  });

  it('reports text among numbers, stores it as missing, and does not count it as missing', async () => {
    const data = await bench.import(`date,a,b\n${days(9, (day) => `${day === 4 ? 'oops' : day},${day === 6 ? '' : 1.5 * day}`)}\n`);
    expect(data.report.badCells).toEqual({ count: 1, places: [{ line: 6, column: 'a', text: 'oops' }] });
    expect(data.report.missingCells).toEqual({ count: 1, places: [{ line: 8, column: 'b', text: '' }] });
    expect((await storedRows(bench, data))[4]).toEqual(['2024-01-05', null, 6]);
  });

  it('reports bad times and leaves out their rows', async () => {
    const data = await bench.import(`date,a\n${days(9, (day) => `${day}`)}\nsometime,5\n2024-13-45,6\n`);
    expect(data.rows).toBe(9);
    expect(data.report.badCells).toEqual({ count: 2, places: [{ line: 11, column: 'date', text: 'sometime' }, { line: 12, column: 'date', text: '2024-13-45' }] });
    expect(data.report.missingCells.count).toBe(0);
  });

  it('ignores a column that turns out to be mostly text', async () => {
    const { series, report } = await bench.import(`date,a,b\n${days(9, (day) => `${day},${day < 3 ? day : `text${day}`}`)}\n`, { fields: ['a', 'b'] });
    expect(series).toEqual(['a']);
    expect(report.ignoredColumns).toEqual([{ column: 'b', reason: '6 of 9 cells are not numbers, such as "text3"' }]);
    expect(report.badCells.count).toBe(0);
  });

  it('keeps infinities, and reports where they are', async () => {
    const { report } = await bench.import('time,a\n2024-01-01,inf\n2024-01-02,-Infinity\n2024-01-03,1e999\n2024-01-04,1\n');
    expect(report.infiniteCells).toEqual({ count: 3, places: [{ line: 2, column: 'a', text: 'inf' }, { line: 3, column: 'a', text: '-Infinity' }, { line: 4, column: 'a', text: '1e999' }] });
    expect(report.badCells.count).toBe(0);
  });

  it('keeps the first hundred places of many', async () => {
    const { report } = await bench.import(`x,y\n${Array.from({ length: 5000 }, (_, row) => `${row % 2 ? '' : row},${row}`).join('\n')}\n`);
    expect(report.missingCells.count).toBe(2500);
    expect(report.missingCells.places).toHaveLength(100);
    expect(report.missingCells.places[99]).toEqual({ line: 201, column: 'x', text: '' });
  });

  it('names constant series and series without values', async () => {
    const { report } = await bench.import(`date,a,b,c\n${days(5, (day) => `7,,${day}`)}\n`);
    expect(report.constantSeries).toEqual({ count: 1, names: ['a'] });
    expect(report.notes).toContain('1 series have no values: b.');
    expect(report.completeSeries).toBe(2);
  });

  it('names wide series that begin late', async () => {
    expect((await bench.import('date,a,b\n2024-01-01,1,\n2024-01-02,2,\n2024-01-03,3,4\n')).report.lateSeries).toEqual({ count: 1, places: [{ series: 'b', from: '2024-01-03' }] });
  });

  it('keeps every digit of a double', async () => {
    const numbers = [0.1, 1 / 3, 5.827000141143799, 1e-300, -1.7976931348623157e308, 123456789.12345679, 2 ** 53];
    const data = await bench.import(`x\n${numbers.join('\n')}\n`);
    expect((await storedRows(bench, data)).map(([, value]) => value)).toEqual(numbers);
  });
});

describe('duplicates and order', () => {
  const text = 'time,a\n2024-01-01,1\n2024-01-02,2\n2024-01-02,4\n2024-01-03,\n2024-01-03,5\n';

  it.each([
    ['last', [1, 4, 5]],
    ['first', [1, 2, null]],
    ['mean', [1, 3, 5]],
  ] as const)('keeps the %s of rows with the same time', async (duplicates, values) => {
    const data = await bench.import(text, { duplicates });
    expect((await storedRows(bench, data)).map(([, value]) => value)).toEqual(values);
    expect(data.report.duplicates).toMatchObject({ count: 2, places: [{ line: 4, series: null, time: '2024-01-02' }, { line: 6, series: null, time: '2024-01-03' }] });
  });

  it('refuses them where that is asked for', async () => {
    const refusal = await bench.refusal(text, { duplicates: 'refuse' });
    expect(refusal.code).toBe('duplicate-times');
    expect(refusal.message).toContain('2024-01-02');
  });

  it('sorts each series by time', async () => {
    const data = await bench.import('time,name,x\n2024-01-02,b,1\n2024-01-01,b,2\n2024-01-02,a,3\n2024-01-01,a,4\n');
    expect(await storedRows(bench, data)).toEqual([[0, '2024-01-01', 2], [0, '2024-01-02', 1], [1, '2024-01-01', 4], [1, '2024-01-02', 3]]);
    expect(data.report.unsorted).toEqual({ count: 2, places: [{ line: 3, series: 'b', time: '2024-01-01' }, { line: 5, series: 'a', time: '2024-01-01' }], action: 'sorted by time' });
  });
});

describe('files that are refused', () => {
  it.each([
    ['an empty file', '', 'file-empty'],
    ['blank lines only', '\n\n  \n', 'file-empty'],
    ['a header only', 'time,a,b\n', 'file-without-rows'],
    ['comments and a header only', '# c\ntime,a,b\n', 'file-without-rows'],
    ['text only', 'a,b\nx,y\nz,w\n', 'no-numeric-column'],
    ['zero bytes', 'time,a\n2024-01-01,\u0000\n', 'file-binary'],
    ['an unclosed quote', 'time,a\n2024-01-01,"1\n2024-01-02,2\n', 'file-truncated'],
  ])('%s', async (_, text, code) => {
    expect((await bench.refusal(text)).code).toBe(code);
  });

  it('a gzip of nothing, a gzip cut short, and a damaged gzip', async () => {
    const whole = gzipSync(`x\n${Array.from({ length: 50_000 }, (_, row) => Math.sin(row)).join('\n')}\n`);
    const damaged = Buffer.from(whole);
    const middle = Math.floor(whole.length / 2);
    damaged.fill(0xff, middle, middle + 64);
    expect((await bench.refusal(gzipSync(''))).code).toBe('file-empty');
    expect((await bench.refusal(whole.subarray(0, middle))).code).toBe('file-truncated');
    expect((await bench.refusal(whole.subarray(0, 15))).code).toBe('file-truncated');
    expect((await bench.refusal(damaged)).code).toBe('file-corrupt');
    expect((await bench.import(whole)).rows).toBe(50_000);
  });

  it('UTF-16 with and without its mark, and Latin-1', async () => {
    const text = 'time,a\n2024-01-01,1\n2024-01-02,2\n';
    expect((await bench.refusal(Buffer.from(`\uFEFF${text}`, 'utf16le'))).code).toBe('file-encoding');
    expect((await bench.refusal(Buffer.from(text, 'utf16le'))).code).toBe('file-encoding');
    expect((await bench.refusal(Buffer.from('time,größe\n2024-01-01,1\n', 'latin1'))).code).toBe('file-encoding');
    expect((await bench.import('time,größe €\n2024-01-01,1\n')).series).toEqual(['größe €']);
  });

  it('an image', async () => {
    expect((await bench.refusal(Buffer.from('89504e470d0a1a0a0000000d49484452000000', 'hex'))).code).toBe('file-binary');
  });

  it('a line of more than 16 MiB, at the beginning or later', async () => {
    const long = '1'.repeat(17 * 1024 * 1024);
    expect((await bench.refusal(long)).code).toBe('line-too-long');
    const later = await bench.refusal(`x\n1\n2\n${'3\n'.repeat(200_000)}${long}\n`);
    expect(later).toMatchObject({ code: 'line-too-long', message: 'Line 200004 is longer than 16 MiB.' });
  });

  it('reads a line of three MiB', async () => {
    const data = await bench.import(`time,a,note\n2024-01-01,1,${'n'.repeat(3 * 1024 * 1024)}\n2024-01-02,2,n\n`);
    expect(await storedRows(bench, data)).toEqual([['2024-01-01', 1], ['2024-01-02', 2]]);
  });

  it('more than 16,384 columns', async () => {
    const refusal = await bench.refusal(`${Array.from({ length: 20_000 }, (_, column) => `s${column}`).join(',')}\n`);
    expect(refusal).toMatchObject({ code: 'too-many-columns' });
    expect(refusal.message).toContain('20000');
  });

  it('a file that is not there, and a folder', async () => {
    await expect(bench.importPath(`${bench.folder}/nowhere`)).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(bench.importPath(bench.folder)).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('leaves nothing behind, in the store or among the temporary files', async () => {
    const before = await bench.leftovers();
    await bench.refusal('a,b\nx,y\nz,w\n');
    await bench.refusal(gzipSync(`x\n${'1\n'.repeat(9)}`).subarray(0, 20));
    expect(await bench.leftovers()).toEqual(before);
  });
});

describe('rows of different length', () => {
  const text = 'time,a,b\n2024-01-01,1,2\n2024-01-02,3\n\n2024-01-03,4,5,6\n2024-01-04,7,8\n';

  it('are refused by line', async () => {
    const refusal = await bench.refusal(text);
    expect(refusal).toMatchObject({ code: 'ragged-rows', message: '2 rows do not have the 3 columns of the others: line 3 has 2, line 5 has 4.' });
  });

  it('are left out where that is asked for', async () => {
    const data = await bench.import(text, { badRows: 'skip' });
    expect(data).toMatchObject({ rows: 2, report: { rowsRead: 4, badRows: { count: 2, places: [{ line: 3, expected: 3, found: 2 }, { line: 5, expected: 3, found: 4 }] } } });
  });

  it('are found behind the sample, in a gzip too', async () => {
    const rows = Array.from({ length: 40_000 }, (_, row) => (row === 30_000 ? '1' : `${row},${row / 3}`));
    const ragged = `a,b\n${rows.join('\n')}\n`;
    expect((await bench.refusal(ragged)).message).toContain('line 30002 has 1');
    expect((await bench.refusal(gzipSync(ragged))).message).toContain('line 30002 has 1');
    expect((await bench.import(gzipSync(ragged), { badRows: 'skip' })).rows).toBe(39_999);
  });
});

it('imports 10,000 columns', { timeout: 120_000 }, async () => {
  const columns = 10_000;
  const header = `time,${Array.from({ length: columns }, (_, column) => `s${column}`).join(',')}`;
  const rows = days(20, (day) => Array.from({ length: columns }, (_, column) => (column === 7777 && day === 3 ? '' : day * columns + column)).join(','));
  const data = await bench.import(`${header}\n${rows}\n`);
  expect(data.series).toHaveLength(columns);
  expect(data.report).toMatchObject({ rowsStored: 20, completeSeries: columns - 1, missingCells: { count: 1, places: [{ line: 5, column: 's7777', text: '' }] } });
  expect((await storedRows(bench, data))[19]?.[columns]).toBe(19 * columns + columns - 1);
});
