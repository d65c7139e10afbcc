import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testRoleTokens, testTokens } from '../../support/api-server.ts';
import { type RunningApi, startApi } from '../../support/cmdb-api.ts';
import { observed } from '../../support/cmdb-observed.ts';
import { type Ran, runCli } from '../../support/run-cli.ts';
import { quietLog } from '../../support/stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'cmdb-cli-'));
let api: RunningApi;

beforeAll(async () => {
  api = await startApi({
    access: { tokens: testRoleTokens(quietLog) },
    services: {
      sources: {
        list: () => [{ name: 'scan', type: 'test', everySeconds: 60 }],
        look: async (name, { isDryRun }) =>
          name === 'scan' ? api.look([observed('rack', 'planned', { name: 'planned' })], { isDryRun }) : undefined,
      },
    },
  });
  writeFileSync(join(folder, 'token'), `${testTokens.editor}\n`);
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

/** Runs the command as a person would. */
function run(...argv: readonly string[]): Promise<Ran> {
  const hasUrl = argv.some((each) => each.startsWith('--cmdb.url'));
  return runCli('cmdb', ...argv, ...(hasUrl ? [] : [`--cmdb.url=${api.url}`]));
}

const token = `--cmdb.token-file=${join(folder, 'token')}`;
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return `--file=${join(folder, name)}`;
};

const servers = `class,name,serial,vendor,rack,rack_unit,tenant
server,cli-1,CLI1,Dell,k1,1,acme
server,cli-2,CLI2,Dell,k1,7,acme
widget,w,,,,,
`;

test('import: a dry run, the real thing, and what was left out', async () => {
  const dry = await run('import', file('a.csv', servers), '--dry-run', token);
  expect([dry.status, dry.stdout]).toEqual([
    0,
    expect.stringMatching(/^Dry run, nothing was changed: 4 added.*1 problem/),
  ]);
  expect(await api.count('item')).toBe(0);
  const done = await run('import', file('a.csv', servers), token);
  expect(done.stdout).toContain('+ server cli-1\n');
  expect(done.stdout).toContain('! line 4: class widget is unknown');
  expect(await api.count('item')).toBe(4);
});

test('import without a token says what to give', async () => {
  const { status, stderr } = await run('import', file('a.csv', servers));
  expect([status, stderr]).toEqual([1, expect.stringMatching(/needs a bearer token.*--cmdb\.token-file/)]);
});

test.each([
  [['import'], /--file is missing/],
  [['import', '--file=/nowhere.csv'], /cannot be read: .*ENOENT/],
  [['import', '--file=x.xlsx'], /must end in \.csv/],
  [['find'], /WORDS are missing/],
  [['show'], /ITEM is missing/],
  [['diff'], /either --from or --source/],
  [['find', 'clas:server'], /did you mean "class"/],
  [['find', 'x', '--limit=0'], /--limit must be a whole number/],
  [['find', 'x', '--at=soon'], /at: must be a time such as/],
  [['find', 'x', '--cmdb.url=ftp://x'], /--cmdb\.url must be an address/],
  [['find', 'x', '--cmdb.url=http://me:secret@localhost'], /must hold no user and password/],
])('%j is wrong usage', async (argv, reason) => {
  const { status, stderr, stdout } = await run(...argv);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(reason);
  expect(stderr).not.toContain('secret@');
});

test('a daemon that does not run, and one that is something else, are told', async () => {
  const nobody = await run('find', 'x', '--cmdb.url=http://127.0.0.1:9');
  expect([nobody.status, nobody.stderr]).toEqual([2, expect.stringContaining('start it with fleetlens cmdb')]);
  const other = await run('find', 'x', `--cmdb.url=${api.url}/elsewhere`);
  expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('is no fleetlens cmdb')]);
});

test('find shows a table, and nothing is status 1', async () => {
  const { status, stdout } = await run('find', 'class:server', 'k1');
  expect(status).toBe(0);
  expect(stdout.split('\n')[0]).toMatch(/^ID {2}CLASS {3}NAME {3}RACK {2}UNIT {2}TENANT {2}SERIAL$/);
  expect(stdout).toMatch(/server {2}cli-1 {2}k1 {7}1 {2}acme {4}CLI1/);
  expect((await run('find', 'nothing-of-that-name')).status).toBe(1);
});

test('show tells one item by its name, serial number or number, and asks back for several', async () => {
  const byName = await run('show', 'cli-1');
  expect(byName.stdout).toMatch(/^server cli-1 {2}item \d+, version 1/);
  expect(byName.stdout).toMatch(/Place {10}rack k1, unit 1/);
  expect(byName.stdout).toMatch(/serial {5}CLI1 {3}import/);
  expect((await run('show', 'cli1')).stdout).toBe(byName.stdout);
  const id = /item (\d+)/.exec(byName.stdout)?.[1] ?? '';
  expect((await run('show', id)).stdout).toBe(byName.stdout);
  const several = await run('show', 'cli');
  expect([several.status, several.stdout]).toEqual([1, '']);
  expect(several.stderr).toMatch(/several items .* \(server cli-1\), \d+ \(server cli-2\)/);
  expect((await run('show', 'no-such-thing')).status).toBe(1);
});

test('impact tells what goes down with a rack', async () => {
  const { status, stdout } = await run('impact', 'k1');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^If rack k1 fails, 2 other items would be down and 0 degraded\./);
  expect(stdout).toMatch(/cli-2 {2}down {4}k1 \(place\)/);
  expect((await run('impact', 'cli-1')).stdout).toContain('nothing else breaks');
});

test('history and diff tell what was changed, by whom', async () => {
  const start = new Date(api.clock.now() * 1000).toISOString();
  api.clock.advance(60);
  const { id } = (await api.ask('/api/v1/lookup?serial=CLI1')).json;
  const changed = await api.ask(`/api/v1/items/${id}`, {
    method: 'PATCH',
    body: { state: 'failed', attributes: { rack_unit: 3 }, message: 'fan' },
    headers: { 'if-match': '*', authorization: `Bearer ${testTokens.editor}` },
  });
  expect(changed.status).toBe(200);
  const history = await run('history', 'cli-1');
  expect(history.stdout).toMatch(/editor-program \(manual\) .*state in_service -> failed; rack_unit 1 -> 3:\s+fan/);
  api.clock.advance(60);
  const diff = await run('diff', `--from=${new Date((api.clock.now() - 90) * 1000).toISOString()}`);
  expect(diff.stdout).toContain('0 added, 0 deleted, 1 changed.');
  expect(diff.stdout).toMatch(/~ server cli-1 \(\d+\): state in_service -> failed; rack_unit 1 -> 3/);
  expect((await run('show', 'cli-1', `--at=${start}`)).stdout).toContain('in service');
  expect((await run('history', '999999')).status).toBe(1);
});

test('diff --source tells what a look would change and changes nothing', async () => {
  const { status, stdout } = await run('diff', '--source=scan', token);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^Dry run.*1 added.*\n\+ rack planned/)]);
  expect((await run('find', 'planned')).status).toBe(1);
  expect((await run('diff', '--source=none', token)).stderr).toMatch(/no source "none"; there are scan/);
});

test('--json prints what the API answers', async () => {
  const { stdout } = await run('find', 'cli-1', '--json');
  expect(JSON.parse(stdout).items[0]).toMatchObject({ name: 'cli-1', rack: 'k1' });
  const several = await run('show', 'cli', '--json');
  expect(JSON.parse(several.stdout).items).toHaveLength(2);
});

test('a hostile name does not steer the terminal, and long ones fit its width', async () => {
  const headers = { authorization: `Bearer ${testTokens.editor}` };
  const name = `evil-\u202e\u200b<script>${'w'.repeat(280)}`;
  await api.ask('/api/v1/items', { method: 'POST', headers, body: { class: 'rack', name } });
  const { stdout } = await run('find', 'evil');
  expect(stdout).not.toMatch(/[\u202e\u200b]/);
  expect(stdout).toMatch(/<script>|\\u\{202e\}/);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});
