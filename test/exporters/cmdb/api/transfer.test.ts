import { request as httpRequest } from 'node:http';
import { readImport } from '../../../../exporters/cmdb/api/read-import.ts';
import { type RunningApi, startApi } from '../../../support/cmdb-api.ts';

const mebibyte = 1024 * 1024;
const maxImportBytes = 2 * mebibyte;
let api: RunningApi;
beforeAll(async () => {
  api = await startApi({ services: { maxImportBytes } });
});
afterAll(() => api.stop());

const csv = { 'content-type': 'text/csv' };
const send = (body: string | Buffer, query = '', headers: Readonly<Record<string, string>> = csv) =>
  api.ask(`/api/v1/import${query}`, { method: 'POST', body, headers });

const servers = `class,name,serial,vendor,site,rack,rack_unit
server,imp-1,IMP1,Dell,fra1,r1,1
server,imp-2,IMP2,Dell,fra1,r1,7
`;

test('a dry run tells what would change and changes nothing', async () => {
  const before = [await api.count('item'), await api.count('change'), await api.count('look')];
  const plan = await send(servers, '?dry_run=true');
  expect([plan.status, plan.json.dry_run, plan.json.counts.created, plan.json.items]).toEqual([200, true, 4, 4]);
  expect(plan.json.created[0]).toMatchObject({ class: 'server', name: 'imp-1' });
  expect([await api.count('item'), await api.count('change'), await api.count('look')]).toEqual(before);
});

test('what was imported is there, and importing it again changes nothing', async () => {
  const first = await send(servers);
  expect(first.json.counts).toMatchObject({ created: 4, updated: 0, missing: 0 });
  const again = await send(servers);
  expect(again.json.counts).toMatchObject({ created: 0, updated: 0, unchanged: 4 });
  const found = await api.ask('/api/v1/lookup?serial=imp1');
  expect((await api.ask(`/api/v1/items/${found.json.id}/place`)).json).toMatchObject({
    rack: { name: 'r1' },
    site: { name: 'fra1' },
    unit: '1',
  });
  expect((await api.ask('/api/v1/changes?source=import')).json.changes[0]).toMatchObject({
    actor: 'local',
    source: 'import',
  });
});

test('a part of it makes nothing go missing, unless it is said to be all', async () => {
  const part = servers.split('\n').slice(0, 2).join('\n');
  expect((await send(part)).json.counts.missing).toBe(0);
  const whole = await send(part, '?complete=true&dry_run=true');
  expect(whole.json.missing.map(({ name }: { name: string }) => name)).toEqual(['imp-2']);
});

test('an import that loses most of the fleet is refused, with the plan, until it is allowed', async () => {
  const many = [
    'class,name,serial',
    ...Array.from({ length: 40 }, (_, index) => `server,lost-${index},LOST${index}`),
  ].join('\n');
  await send(many);
  const few = many.split('\n').slice(0, 3).join('\n');
  const refused = await send(few, '?complete=true');
  expect([refused.status, refused.json.error.code, refused.json.plan.counts.missing > 30]).toEqual([
    409,
    'conflict',
    true,
  ]);
  const { id } = (await api.ask('/api/v1/lookup?serial=lost39')).json;
  expect((await api.ask(`/api/v1/items/${id}`)).json.missing_since).toBeUndefined();
  expect((await send(few, '?complete=true&allow_missing=true')).status).toBe(200);
});

test.each([
  ['class,name\nserver,"torn', /import:2: column name/],
  ['', /is empty/],
  ['class,class\nserver,a', /twice/],
  [Buffer.from([0x63, 0xff, 0x0a]), /no UTF-8/],
])('%p is refused with the line', async (body, reason) => {
  const answer = await send(body);
  expect([answer.status, answer.json.error.field]).toEqual([400, 'body']);
  expect(answer.json.error.message).toMatch(reason);
});

test('rows that make no sense are left out and told, and the others are taken', async () => {
  const { json } = await send('class,name,serial\nwidget,w,1\nserver,sound,SOUND1\n');
  expect(json.counts.created).toBe(1);
  expect(JSON.stringify(json.problems)).toMatch(/import:2: class widget is unknown/);
});

test.each(['csv', 'yaml', 'json'] as const)('what is exported as %s is read back as the same', async (format) => {
  const text = '=1+1";<b>\u202e';
  await api.create({
    class: 'rack',
    name: `${text} ${format}`,
    attributes: { note: text, size: 3, on: true, list: ['a;b', 'c'] },
  });
  const exported = await api.ask(`/api/v1/export?format=${format}`);
  expect(exported.status).toBe(200);
  expect(exported.headers['content-disposition']).toContain(`inventory.${format}`);
  const type = { csv: 'text/csv', yaml: 'application/yaml', json: 'application/json' }[format];
  const changes = await api.count('change');
  const back = await send(exported.text, '?dry_run=true', { 'content-type': type });
  expect([back.json.problems, back.json.counts.created, back.json.findings]).toEqual([[], 0, []]);
  const differing = back.json.updated.filter(({ changes: each }: { changes: unknown[] }) => each.length > 0);
  expect(differing).toEqual([]);
  expect(await api.count('change')).toBe(changes);
});

test('other content types and compressed bodies are refused', async () => {
  expect((await send('x', '', { 'content-type': 'application/x-tar' })).status).toBe(415);
  expect((await send('x', '', { ...csv, 'content-encoding': 'gzip' })).status).toBe(415);
});

describe('size', () => {
  test('what says that it is too large is refused before any of it is read', async () => {
    const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = { ...csv, 'content-length': 100 * mebibyte };
      const outgoing = httpRequest(
        `${api.url}/api/v1/import`,
        { method: 'POST', headers, agent: false },
        (incoming) => {
          let text = '';
          incoming.on('data', (chunk: Buffer) => {
            text += chunk.toString();
          });
          incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
        },
      );
      outgoing.once('error', reject);
      // Not a single byte of the body is sent.
      outgoing.flushHeaders();
    });
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([413, 'too_large']);
  });

  test('what turns out to be too large is refused at the limit', async () => {
    const line = `server,${'n'.repeat(1000)},S\n`;
    let sent = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for (;;) {
        const chunk = Buffer.from(sent === 0 ? 'class,name,serial\n' : line.repeat(64));
        sent += chunk.length;
        yield chunk;
      }
    }
    await expect(readImport(body(), importOptions(4 * mebibyte))).rejects.toMatchObject({ status: 413 });
    expect(sent).toBeLessThan(4 * mebibyte + 200_000);
  });

  test('20 MiB of CSV are read row by row: what is held does not grow with what was read', async () => {
    let [sent, mostAhead, taken] = [0, 0, 0];
    // All of it is about the same few items, so that nothing but the text could be what grows.
    const chunk = Buffer.from(`server,same,SAME1,${'x'.repeat(900)}\n`.repeat(70));
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('class,name,serial,note\n');
      while (sent < 20 * mebibyte) {
        sent += chunk.length;
        mostAhead = Math.max(mostAhead, sent - taken);
        yield chunk;
        // Whoever comes back for more is done with what they have.
        taken = sent;
      }
    }
    globalThis.gc?.();
    const observation = await readImport(body(), importOptions(40 * mebibyte));
    expect(sent).toBeGreaterThan(20 * mebibyte - 1);
    expect(mostAhead).toBeLessThanOrEqual(chunk.length);
    expect(observation.items).toHaveLength(1);
    expect(observation.problems.length).toBeLessThanOrEqual(1001);
  });
});

test('an export waits for a reader that is slow, and ends with one that goes', async () => {
  const many = [
    'class,name,serial,note',
    ...Array.from({ length: 1500 }, (_, index) => `server,slow-${index},SLOW${index},${'x'.repeat(900)}`),
  ].join('\n');
  expect((await send(many)).json.counts.created).toBe(1500);
  const request = httpRequest(`${api.url}/api/v1/export?format=json`, { agent: false });
  const first = await new Promise<number>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (incoming) => incoming.once('data', (chunk: Buffer) => resolve(chunk.length)));
    request.end();
  });
  expect(first).toBeGreaterThan(0);
  request.destroy();
  // The daemon goes on as before.
  expect((await api.ask('/api/v1/items?limit=1')).status).toBe(200);
  expect(api.logged().filter((line) => line.includes('request failed'))).toEqual([]);
});

function importOptions(maxBytes: number) {
  return {
    contentType: 'text/csv',
    contentLength: undefined,
    maxBytes,
    defaultClass: 'server',
    isComplete: false,
    signal: new AbortController().signal,
  } as const;
}
