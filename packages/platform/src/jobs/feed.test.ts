import { expect, test } from 'vitest';
import { readNotice } from './feed.ts';

test('a notice carries its event, or only the job where the event was too long for it', () => {
  expect(readNotice('{"id":"job_1","seq":3,"type":"cancelled","data":{}}')).toEqual({ id: 'job_1', notice: { event: { seq: 3, type: 'cancelled', data: {} } } });
  expect(readNotice('{"id":"job_1","seq":3}')).toEqual({ id: 'job_1', notice: {} });
});

test('a notice that is none of ours is nothing, and no error', () => {
  for (const payload of ['', 'hello', '{}', '[]', 'null', '{"id":1,"seq":2}']) expect(readNotice(payload)).toBeNull();
});
