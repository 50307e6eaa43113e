/** Files that are damaged, foreign, or made to hurt, through the import of a whole platform. */
import { gzipSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOfParquet } from './parquet.ts';
import { datasetReply, goodCsv, type HostileServer, problemOf, startHostileServer } from './server.ts';

const mebibyte = 2 ** 20;
const day = (index: number): string => new Date(Date.UTC(2020, 0, 1 + index)).toISOString().slice(0, 10);
const wide = (columns: number): string => {
  const head = `date,${Array.from({ length: columns }, (_, c) => `c${c}`).join(',')}`;
  return [head, ...[0, 1].map((row) => `${day(row)},${Array.from({ length: columns }, (_, c) => (c * (row + 1)) % 97).join(',')}`)].join('\n');
};
const zipped = gzipSync(goodCsv());
const damaged = Buffer.from(zipped);
damaged[damaged.length >> 1]! ^= 0x55;
const columns = tableFromArrays({ a: Float64Array.from({ length: 200 }, (_, t) => t), b: Float64Array.from({ length: 200 }, (_, t) => Math.cos(t)) });
const arrowFile = Buffer.from(tableToIPC(columns, 'file'));
const arrowStream = Buffer.from(tableToIPC(columns, 'stream'));
/** The footer of this file leads to a message that says of itself that it is a schema. */
const arrowLoop = Buffer.from(arrowFile);
for (let at = 16; at < 200; at++) arrowLoop[at]! ^= 0x5a;

let server: HostileServer;

beforeAll(async () => {
  server = await startHostileServer();
});
afterAll(async () => {
  expect(await server?.close()).toBe(0);
});

async function expectRefused(bytes: string | Uint8Array, code: string, detail: RegExp, query = ''): Promise<void> {
  const before = await server.stored();
  const refused = await problemOf(await server.upload(bytes, query));
  expect(refused).toMatchObject({ code });
  expect(refused.detail).toMatch(detail);
  expect(refused.detail, 'a path of the server').not.toContain(server.home);
  expect(await server.stored()).toEqual(before);
  expect(await server.leftovers()).toEqual([]);
}

describe('text that cannot be imported is refused with its reason, and leaves nothing behind', () => {
  it.each<[string, string | Uint8Array, string, RegExp]>([
    ['no bytes', '', 'file-empty', /no bytes/],
    ['blank lines only', '  \n\n \n', 'file-empty', /blank/],
    ['comments only', '# a\n% b\n', 'file-empty', /comment/],
    ['a header and no rows', 'date,a,b\n', 'file-without-rows', /date, a, b/],
    ['rows of different lengths', 'date,a,b\n2020-01-01,1,2\n2020-01-02,1\n2020-01-03,1,2,3\n2020-01-04,2,3\n', 'ragged-rows', /line 3 has 2, line 4 has 4/],
    ['a quote that is never closed', 'date,a,b\n2020-01-01,1,2\n2020-01-02,"1,2\n2020-01-03,1,2\n', 'file-truncated', /line 3/],
    ['a zero byte', 'date,a\n2020-01-01,1\n2020-01-02,\0\n', 'file-binary', /Byte 32/],
    ['a zero byte beyond the sample', `date,a\n${'2020-01-01,1\n'.repeat(30_000)}2020-01-02,\0\n`, 'file-binary', /Byte 390019/],
    ['UTF-16', Buffer.from('\ufeffdate,a\n2020-01-01,1\n', 'utf16le'), 'file-encoding', /UTF-16/],
    ['Latin-1', Buffer.from('date,température\n2020-01-01,1\n', 'latin1'), 'file-encoding', /UTF-8/],
    ['a ZIP archive', Buffer.from('504b030414000000080000000000', 'hex'), 'file-binary', /ZIP archive.*save the sheet as CSV/],
    ['no column of numbers', 'date,a\n2020-01-01,x\n2020-01-02,y\n', 'no-numeric-column', /a: text/],
    ['dates that do not exist', 'date,a\n2020-02-30,1\n2020-02-31,2\n', 'no-time-parsed', /cannot be read as time/],
    ['20,000 columns', wide(20_000), 'too-many-columns', /20001 columns; at most 16384/],
    ['one line of 40 MiB', Buffer.alloc(40 * mebibyte, 'x'), 'line-too-long', /Line 1 is longer than 16 MiB/],
    ['a line of 17 MiB at its end', Buffer.concat([Buffer.from(goodCsv()), Buffer.alloc(17 * mebibyte, '7')]), 'line-too-long', /Line 42/],
  ])('%s', async (_what, bytes, code, detail) => {
    await expectRefused(bytes, code, detail);
  });

  it.each<[string, string, RegExp, string]>([
    ['?time=when', 'invalid-mapping', /no column "when".*date, a, b, c/, '/time'],
    ['?key=__proto__', 'invalid-mapping', /no column "__proto__"/, '/key'],
    ['?fields=a&fields=zzz', 'invalid-mapping', /no column "zzz"/, '/fields/1'],
    ['?delimiter=ab', 'invalid-mapping', /"ab" cannot be used/, '/delimiter'],
    ['?delimiter=%01', 'invalid-mapping', /cannot be used/, '/delimiter'],
    ['?format=parquet', 'invalid-mapping', /says parquet/, '/format'],
    ['?mapping=%7B', 'invalid-mapping', /not JSON/, '/mapping'],
    ['?mapping=%7B%22tyme%22%3A%22date%22%7D', 'invalid-mapping', /"tyme"/, '/mapping'],
    ['?shape=tall', 'bad-request', /"wide"\|"long"/, '/shape'],
    ['?time=a&time=b', 'bad-request', /received array/, '/time'],
    ['?name=%00x', 'bad-request', /no control characters/, '/name'],
    [`?name=${'n'.repeat(201)}`, 'bad-request', /<=200/, '/name'],
    ['?tme=date', 'bad-request', /"tme"/, ''],
  ])('a mapping of %s names its place', async (query, code, detail, pointer) => {
    const refused = await problemOf(await server.upload(goodCsv(), query));
    expect(refused).toMatchObject({ code, errors: [{ pointer }] });
    expect(refused.detail).toMatch(detail);
    expect(await server.leftovers()).toEqual([]);
  });
});

describe('compressed and binary files that are damaged are refused with their reason', () => {
  it.each<[string, Uint8Array, string, RegExp]>([
    ['gzip cut in half', zipped.subarray(0, zipped.length / 2), 'file-truncated', /gzip/],
    ['gzip cut in its header', zipped.subarray(0, 5), 'file-truncated', /gzip/],
    ['gzip with a changed byte', damaged, 'file-corrupt', /damaged/],
    ['gzip of gzip', gzipSync(zipped), 'file-binary', /gzip within gzip/],
    ['gzip of nothing', gzipSync(''), 'file-empty', /gzip/],
    ['a gzip bomb of zero bytes', gzipSync(Buffer.alloc(200 * mebibyte)), 'file-binary', /Byte 1 /],
    ['a gzip bomb of one line', gzipSync(Buffer.alloc(200 * mebibyte, '1')), 'line-too-long', /Line 1/],
    ['an Arrow file without its end', arrowFile.subarray(0, -10), 'file-truncated', /footer/],
    ['an Arrow file whose footer leads nowhere', arrowLoop, 'file-corrupt', /Arrow/],
    ['an Arrow stream of eight bytes', arrowStream.subarray(0, 8), 'file-truncated', /schema/],
    ['an Arrow stream cut in a batch', arrowStream.subarray(0, arrowStream.length / 2), 'file-truncated', /Arrow/],
    ['an Arrow stream of text alone', Buffer.from(tableToIPC(tableFromArrays({ s: ['x', 'y'] }), 'stream')), 'no-numeric-column', /s: text/],
  ])('%s', async (_what, bytes, code, detail) => {
    await expectRefused(bytes, code, detail);
  });

  it('Parquet that is cut, damaged or of other kinds of columns', async () => {
    const whole = await bytesOfParquet("select date '2020-01-01' + i::int as date, i::double as a, sin(i) as b from range(5000) t(i)");
    const footerFlipped = Buffer.from(whole);
    for (let at = whole.length - 200; at < whole.length - 100; at++) footerFlipped[at]! ^= 0xa5;
    const footerHuge = Buffer.from(whole);
    footerHuge.writeUInt32LE(0xff_ff_ff_ff, whole.length - 8);
    await expectRefused(whole.subarray(0, whole.length / 2), 'file-truncated', /footer/);
    await expectRefused(Buffer.from('PAR1'), 'file-truncated', /4 bytes/);
    await expectRefused(Buffer.from('PAR1\0\0\0\0PAR1'), 'file-corrupt', /Parquet/);
    await expectRefused(footerFlipped, 'file-corrupt', /Parquet/);
    await expectRefused(footerHuge, 'file-corrupt', /Parquet/);
    await expectRefused(Buffer.concat([whole.subarray(0, 1000), whole.subarray(3000)]), 'file-corrupt', /Parquet/);
    await expectRefused(await bytesOfParquet("select {'x': i} as s, [i, i] as l from range(10) t(i)"), 'no-numeric-column', /STRUCT/);
    await expectRefused(await bytesOfParquet("select 'x' || i as s from range(10) t(i)"), 'no-numeric-column', /s: text/);
    await expectRefused(await bytesOfParquet('select 1.0 a where false'), 'file-without-rows', /no rows/);
  });
});

describe('strange but sound files are imported as they are', () => {
  const names = ['a/b', '😀', 'x,y', 'new\nline', '__proto__', 'constructor', 'a"; drop table staging; --', '../../etc/passwd', 'n'.repeat(5000)];
  const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);

  it('names of columns stay what they are, whatever they would mean elsewhere', async () => {
    const rows = Array.from({ length: 6 }, (_, t) => `${day(t)},${names.map((_name, k) => Math.sin(t * k + t)).join(',')}`);
    const imported = datasetReply.parse(await (await server.upload(`date,${quoted.join(',')}\n${rows.join('\n')}\n`)).json());
    expect(imported).toMatchObject({ series: names, rows: 6 });
    for (const name of names) {
      const chart = await server.call(`/v1/datasets/${imported.id}/series?series=${encodeURIComponent(name)}`);
      expect(await chart.json()).toMatchObject({ series: [{ name, values: { length: 6 } }] });
    }
  });

  it('so do the keys of long data', async () => {
    const rows = Array.from({ length: 5 }, (_, t) => quoted.map((name, k) => `${day(t)},${name},${t * k}`)).flat();
    const imported = datasetReply.parse(await (await server.upload(`date,key,v\n${rows.join('\n')}\n`)).json());
    expect(new Set(imported.series)).toEqual(new Set(names));
  });

  it.each<[string, string | Uint8Array, string, object]>([
    ['mixed line ends', 'date,a,b\r\n2020-01-01,1,2\n2020-01-02,2,3\r2020-01-03,3,5\r\n', '', { rows: 3, series: ['a', 'b'] }],
    ['a name that stands thrice', 'date,a,a,a\n2020-01-01,1,2,3\n2020-01-02,2,3,4\n', '', { series: ['a', 'a_2', 'a_3'] }],
    ['falling time', 'date,a\n2020-01-03,1\n2020-01-02,2\n2020-01-01,3\n', '', { report: { unsorted: { count: 2 } } }],
    ['days before months', 'date,a\n13/01/2020,1\n14/01/2020,2\n', '', { from: '2020-01-13' }],
    ['series without a value', 'date,a,b\n2020-01-01,,NA\n2020-01-02,,NaN\n', '', { report: { missingCells: { count: 4 } } }],
    ['a constant series', 'date,a,b\n2020-01-01,5,5\n2020-01-02,5,6\n', '', { report: { constantSeries: { count: 1, names: ['a'] } } }],
    ['infinite values', 'date,a,b\n2020-01-01,inf,1\n2020-01-02,-Infinity,2\n2020-01-03,1e999,3\n', '', { report: { infiniteCells: { count: 3 } } }],
    ['ragged rows that may be left out', 'date,a\n2020-01-01,1\n2020-01-02\n2020-01-03,3\n2020-01-04,4\n', '?badRows=skip', { rows: 3, report: { badRows: { count: 1, places: [{ line: 3, expected: 2, found: 1 }] } } }],
    ['two gzip members', Buffer.concat([gzipSync('date,a\n2020-01-01,1\n'), gzipSync('2020-01-02,2\n')]), '', { rows: 2 }],
  ])('%s', async (_what, bytes, query, expected) => {
    const response = await server.upload(bytes, query);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject(expected);
  });

  it('10,000 columns', async () => {
    const response = await server.upload(wide(10_000));
    expect(datasetReply.parse(await response.json()).series).toHaveLength(10_000);
  });

  it('nested columns of Parquet are left out and named', async () => {
    const bytes = await bytesOfParquet("select timestamp '2020-01-01' + i * interval 1 day as ts, {'x': i} as s, [i] as l, (i % 2 = 0) as flag, (i / 3)::decimal(18, 6) as d from range(9) t(i)");
    expect(await (await server.upload(bytes)).json()).toMatchObject({ series: ['flag', 'd'], report: { ignoredColumns: [{ column: 's' }, { column: 'l' }] } });
  });
});

it('after all of it the server is well: a good file is imported, nothing is left over, nothing went wrong inside', async () => {
  const response = await server.upload(goodCsv(99));
  expect(response.status).toBe(201);
  expect(datasetReply.parse(await response.json())).toMatchObject({ series: ['a', 'b', 'c'], rows: 40 });
  expect(await server.leftovers()).toEqual([]);
  expect(server.faults()).toEqual([]);
});
