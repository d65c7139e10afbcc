import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../../support/child-process.ts';
import { endCliProcesses, startCli } from '../../support/cli.ts';
import { buildDist } from '../../support/dist.ts';
import { eventually } from '../../support/eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'billing-interrupt-'));
const servers: Server[] = [];
beforeAll(() => buildDist(), 300_000);
afterEach(async () => {
  await endCliProcesses();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A daemon that answers as the test says, or never. */
async function daemon(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return `--billing.url=http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

test('closing that is interrupted says how far it came and how to go on', async () => {
  let requests = 0;
  const url = await daemon((_request, response) => {
    requests += 1;
    if (requests > 1) return;
    const outcomes = Array.from({ length: 200 }, (_, index) => ({ tenant: `t${index}`, outcome: 'closed' }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ outcomes }));
  });
  const tenants = Array.from({ length: 300 }, (_, index) => `t${index}`);
  const child = await startCli(['billing', 'close', '--period=2026-03', ...tenants, url]);
  await eventually('the second request', () => requests === 2 || undefined);
  child.kill('SIGINT');
  expect(await child.ended).toBe(130);
  expect(child.stderr()).toBe('interrupted; 200 of 300 tenants are through, run it again to go on\n');
});

test('a reader who has enough of a long output is no error', async () => {
  const url = await daemon((_request, response) => {
    response.setHeader('content-type', 'text/csv').end('0123456789\n'.repeat(1_000_000));
  });
  const command = [
    process.execPath,
    join(await buildDist(), 'cli', 'main.js'),
    'billing',
    'focus',
    '--period=2026-03',
    url,
  ];
  const shell = startChild({
    program: '/bin/bash',
    args: ['-c', '"$@" | head -n 1; exit $PIPESTATUS', 'bash', ...command],
  });
  expect([await shell.ended, shell.stdout(), shell.stderr()]).toEqual([1, '0123456789\n', '']);
});

test.each([
  ['focus', ['focus', '--period=2026-03']],
  ['a bill', ['bill', 'INV-1']],
])('writing %s that is interrupted leaves the file as it was', async (name, argv) => {
  const out = join(folder, `${name.replace(' ', '-')}.csv`);
  writeFileSync(out, 'before');
  let begun = false;
  const url = await daemon((request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? '', 'http://x');
    if (pathname.endsWith('/bills')) return void response.end('{"bills": []}');
    if (searchParams.get('format') === 'json') return void response.end('{"number": "INV-1"}');
    response.setHeader('content-type', 'text/csv').write('half of it');
    begun = true;
  });
  const child = await startCli(['billing', ...argv, `--out=${out}`, url]);
  await eventually(
    'the first half',
    () => (begun && readdirSync(folder).some((file) => file.endsWith('.part'))) || undefined,
  );
  child.kill('SIGINT');
  expect(await child.ended).toBe(130);
  expect(child.stderr()).toContain(`interrupted; ${out} is as it was before`);
  expect(readFileSync(out, 'utf8')).toBe('before');
  expect(readdirSync(folder).filter((file) => file.endsWith('.part'))).toEqual([]);
});
