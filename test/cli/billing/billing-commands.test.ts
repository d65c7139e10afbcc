import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bill } from '../../../exporters/billing/bills/bill.ts';
import { focusCsv } from '../../../exporters/billing/focus/focus-csv.ts';
import {
  type BillingApi,
  billingRoleTokens,
  billingTokens,
  change,
  recordMarch,
  startBillingApi,
  stopBilling,
} from '../../support/billing-api.ts';
import { goodWindow, tenantNamed } from '../../support/billing-book.ts';
import { eventually } from '../../support/eventually.ts';
import { type Ran, runMain } from '../../support/run-main.ts';
import { sampleBill } from '../../support/sample-bill.ts';

const folder = mkdtempSync(join(tmpdir(), 'billing-cli-'));
let api: BillingApi;

beforeAll(async () => {
  for (const [name, token] of Object.entries(billingTokens)) writeFileSync(join(folder, name), `${token}\n`);
});
beforeEach(async () => {
  api = await startBillingApi({ access: { tokens: billingRoleTokens() } });
});
afterEach(() => api.stop());
afterAll(async () => {
  await stopBilling();
  rmSync(folder, { recursive: true });
});

type Who = keyof typeof billingTokens;

function runAs(who: Who, ...argv: readonly string[]): Promise<Ran> {
  const hasUrl = argv.some((each) => each.startsWith('--billing.url'));
  const url = hasUrl ? [] : [`--billing.url=${api.url}`];
  return runMain('billing', ...argv, `--billing.token-file=${join(folder, who)}`, ...url);
}
const run = (...argv: readonly string[]): Promise<Ran> => runAs('admin', ...argv);
const inFolder = (name: string) => join(folder, name);

describe('status', () => {
  test('shows meters, sources and what is wrong', async () => {
    const { status, stdout } = await run('status');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^This process meters; the ledger is empty\.\n/);
    expect(stdout).toMatch(
      /east {5}gpu_time {2}prometheus {2}2026-04-04 23:45:00 {2}15 min {3}99\.87 % {5}1 {2}2\.333 ms/,
    );
    expect(stdout).toMatch(/west {5}gpu_time {14}never/);
    expect(stdout).toMatch(/west {4}thanos {6}no {3}never/);
    expect(stdout).toContain('gpu_time of west: http://prometheus.west:9090: no answer within 30 s');
  });

  test('a tenant sees how far it is, and not the sources', async () => {
    const { stdout } = await runAs('red', 'status');
    expect(stdout).toMatch(/east {5}gpu_time {2}2026-04-04/);
    expect(stdout).not.toMatch(/prometheus|thanos/);
  });
});

describe('close', () => {
  test('closes, says who was refused and why, and is the same a second time', async () => {
    const { status, stdout } = await run('close', '--period=2026-03', 'red', 'green', 'unattributed');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^2026-03: 1 closed, 1 nothing to bill, 1 refused\.\n/);
    expect(stdout).toMatch(/red {11}closed {11}INV-2026-00001 {2}25\.92 {2}EUR\n/);
    expect(stdout).toMatch(/In the way:\n {2}unattributed: usage that is nobody/);
    const again = await run('close', '--period=2026-03', 'red');
    expect([again.status, again.stdout]).toEqual([0, expect.stringMatching(/1 closed before[\s\S]*INV-2026-00001/)]);
  });

  test('of all is of all tenants, in parts, without the usage of nobody', async () => {
    api.scene.tenants = Array.from({ length: 450 }, (_, index) => tenantNamed(`t${index}`));
    api.scene.rows.push(
      ...api.scene.tenants.map(({ name: tenant }) => ({
        tenant,
        sku: 'H100',
        atMs: Date.UTC(2026, 2, 2),
        ms: 3_600_000n,
      })),
    );
    const { status, stdout } = await run('close', '--period=2026-03', '--all', '--json');
    expect(status).toBe(0);
    const { outcomes } = JSON.parse(stdout);
    expect([outcomes.length, new Set(outcomes.map(({ number }: { number: string }) => number)).size]).toEqual([
      450, 450,
    ]);
  });

  test('what is in the way of several is told once, and may be accepted with a reason', async () => {
    api.scene.windows = [goodWindow({ coverage: { ...goodWindow().coverage, seenScrapes: 900 } })];
    const refused = await run('close', '--period=2026-03', 'red', 'blue');
    expect(refused.status).toBe(1);
    expect(refused.stdout.match(/coverage: /g)).toHaveLength(1);
    expect(refused.stdout.replaceAll(/\s+/g, ' ')).toContain('(red, blue)');
    const accepted = await run('close', '--period=2026-03', 'red', '--accept.coverage=agreed with the tenant');
    expect([accepted.status, accepted.stdout]).toEqual([0, expect.stringContaining('1 closed.')]);
    expect((await run('bill', 'INV-2026-00001')).stdout).toMatch(/Accepted: .*\n?.*Reason: agreed with the\s+tenant/);
  });

  test('is for admins', async () => {
    const { status, stderr } = await runAs('reader', 'close', '--period=2026-03', 'red');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/needs the role admin.*--billing\.token-file/)]);
  });
});

describe('bill', () => {
  beforeEach(() => api.book.close({ tenant: 'red', period: '2026-03', by: 'olga' }));

  test.each([[['INV-2026-00001']], [['red', '--period=2026-03']]])('%j is the closed bill', async (argv) => {
    const { status, stdout } = await run('bill', ...argv);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Bill INV-2026-00001 of Team red for 2026-03, closed 2026-04-05 00:00:00 UTC by olga\n/);
    expect(stdout).toContain('Total 25.92 EUR, 100 % of the scrapes seen\n');
    expect(stdout).toMatch(/ {3}1 {2}10 {8}GPU hour {3}2\.50 {2}25\.00 {2}H100, GPU hours\n/);
    expect(stdout).toMatch(/ {3}2 {3}0\.8333… {2}GPU hour {3}1\.10 {3}0\.92 {2}A100, GPU hours\n/);
  });

  test('what a contract makes of an amount is said beside it', async () => {
    const [line] = sampleBill().lines;
    const lines = [
      { ...line, id: 'a', amount: '0.00', effectiveCost: '0', coveredBy: { id: 'c', name: 'reserved', price: '2' } },
      { ...line, id: 'b', amount: '28080.57', effectiveCost: '28080.57' },
    ] as Bill['lines'];
    const book = { ...api.book, draft: async () => sampleBill({ lines, total: '28080.57', state: 'draft' }) };
    const other = await startBillingApi({ services: { bills: book } });
    const { stdout } = await runMain('billing', 'bill', 'red', `--billing.url=${other.url}`);
    await other.stop();
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      '0.00 NVIDIA H100 80GB HBM3, GPU hours (paid with commitment reserved)',
    );
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      '28080.57 NVIDIA H100 80GB HBM3, GPU hours (31200.62… EUR before discounts)',
    );
  });

  test('of a tenant is a draft while it is not closed, and where a draft is wanted', async () => {
    expect((await run('bill', 'blue', '--period=2026-03')).stdout).toMatch(
      /^Draft of Team blue for 2026-03, reckoned /,
    );
    expect((await run('bill', 'red', '--period=2026-03', '--draft')).stdout).toMatch(/^Draft of Team red/);
    expect((await run('bill', 'red')).stdout).toMatch(
      /^Draft of Team red for 2026-04[\s\S]*It has no lines\.\n\nIt cannot be closed yet:\n {2}the period ends at/,
    );
  });

  test('without a name lists bills, and says if there are more', async () => {
    await api.book.close({ tenant: 'blue', period: '2026-03', by: 'olga' });
    const all = await run('bill');
    expect(all.stdout).toMatch(/^NUMBER {10}TENANT {2}PERIOD {3}TOTAL {2}CURRENCY {2}CLOSED \(UTC\)\n/);
    expect(all.stdout).toMatch(/INV-2026-00002 {2}blue {4}2026-03 {2}17\.50 {2}EUR {7}2026-04-05/);
    expect((await run('bill', '--limit=1')).stdout).toContain('There are more; raise --limit.');
    expect((await run('bill', '--drafts', '--period=2026-03')).stdout).toMatch(/green {9}2026-03 {3}0\.00/);
    expect(await run('bill', '--period=2026-02')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('--drafts'),
    });
  });

  test.each([
    ['pdf', /^%PDF/],
    ['html', /^<!doctype html>/],
    ['csv', /^id,amount/],
    ['json', /"number":"INV-2026-00001"/],
  ])('is written as %s', async (ending, start) => {
    const file = inFolder(`march.${ending}`);
    const { status, stdout } = await run('bill', 'INV-2026-00001', `--out=${file}`);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/march\.\w+: [\d.]+ (B|KiB)\n$/)]);
    expect(readFileSync(file, 'latin1')).toMatch(start);
  });

  test('a file that was there stays if it cannot be made, and nothing is left behind', async () => {
    const file = inFolder('kept.pdf');
    writeFileSync(file, 'before');
    const { status, stderr } = await run('bill', 'blue', '--period=2026-03', `--out=${file}`);
    expect([status, stderr]).toEqual([1, expect.stringContaining('no Chromium was found')]);
    expect(readFileSync(file, 'utf8')).toBe('before');
    const nowhere = await run('bill', 'INV-2026-00001', '--out=/nowhere/bill.pdf');
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringMatching(/--out: .*ENOENT/)]);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  test('of another tenant is none for a token that is confined', async () => {
    await api.book.close({ tenant: 'blue', period: '2026-03', by: 'olga' });
    for (const argv of [['INV-2026-00002'], ['blue'], ['blue', '--period=2026-03'], ['nobody', '--period=2026-03']]) {
      const ran = await runAs('red', 'bill', ...argv);
      expect(ran).toEqual({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/there is (neither a bill nor a|no) tenant "/),
      });
    }
  });
});

describe('explain', () => {
  beforeEach(async () => {
    await recordMarch(api.ledger);
    await api.book.close({ tenant: 'red', period: '2026-03', by: 'olga' });
  });

  test.each([['1'], ['usage gpu_time H100 c1 2.50']])('line %s, down to the queries', async (line) => {
    const { status, stdout } = await run('explain', 'INV-2026-00001', line, '--limit=3');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^H100, GPU hours: 25\.00 EUR\n {2}Price: prices\[0\]\.H100\n\nHow .*:\n {2}1\. 10 × 2\.50\n/,
    );
    expect(stdout).toMatch(/^ROW {2}WINDOW \(UTC\) {14}MS {3}GPU HOUR {2}OF WHAT, WHOSE, BY WHICH RULE$/m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      '1 2026-03-10 10:00:00 3600000 0.333333… GPU-1 of team-red/a; 1/3 by splits[0]',
    );
    expect(stdout).toContain('\nThere are more rows; --cursor=3 goes on.\n');
    expect(stdout).toContain('\nSum of all rows = quantity of the line = 10 GPU hour, digit for digit.\n');
    expect(stdout).toMatch(
      /Raw samples.*:\n {2}up\[3900s\]\n {4}at 2026-03-10T11:00:00\.000Z, cluster east, source test\n {4}\/api\/v1\/query\?query=up%5B3900s%5D&time=1773140400\n/,
    );
    const rest = await run('explain', 'INV-2026-00001', line, '--cursor=3');
    expect(rest.stdout).not.toMatch(/^ *3 /m);
  });

  test('rows that do not add up to the line are said so, with status 1', async () => {
    api.asked.sums.push(false);
    const { status, stdout } = await run('explain', 'INV-2026-00001', '1');
    expect([status, stdout]).toEqual([1, expect.stringContaining('The rows add up to 10 GPU hour, and the line says')]);
  });

  test('without a line shows the lines, and one that is not there is told', async () => {
    expect((await run('explain', 'INV-2026-00001')).stdout).toContain('Say which line, by its place or its id.');
    const { status, stderr } = await run('explain', 'INV-2026-00001', '9');
    expect([status, stderr]).toEqual([1, expect.stringContaining('the bill has 2 lines, and none of them is "9"')]);
  });

  test('works for drafts', async () => {
    expect((await run('explain', 'blue', '1', '--period=2026-03')).stdout).toMatch(/^H100, GPU hours: 17\.50 EUR/);
  });
});

describe('backfill', () => {
  test('waits until it is done', async () => {
    const running = run('backfill', '--from=2026-03-01', '--to=2026-03-02', '--meter=gpu_time');
    await eventually('the back-fill', () => api.jobs[0]);
    change(api.jobs, 'b1', { state: 'done', windowsDone: 24, rowsAdded: 4711, endedAt: 1 });
    const { status, stdout } = await running;
    expect([status, stdout.replaceAll('\n', ' ')]).toEqual([
      0,
      'Back-fill b1, 2026-03-01 00:00:00 to 2026-03-02 00:00:00 UTC: done, 24 of 24 windows, 4,711 rows added. ',
    ]);
  });

  test('goes on if nobody waits, can be followed, ended and listed; a failure is status 1', async () => {
    expect(await run('backfill')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('--from and --to begin one'),
    });
    const begun = await run('backfill', '--from=2026-03-01', '--to=2026-03-02', '--wait=false');
    expect([begun.status, begun.stdout]).toEqual([0, expect.stringMatching(/running[\s\S]*--follow=b1 waits for it/)]);
    change(api.jobs, 'b1', { state: 'failed', reason: 'prometheus: no answer within 30 s' });
    const followed = await run('backfill', '--follow=b1');
    expect([followed.status, followed.stdout]).toEqual([1, expect.stringContaining('no answer within 30 s')]);
    expect((await run('backfill', '--cancel=b1')).stdout).toContain('cancelled');
    expect((await run('backfill')).stdout).toMatch(
      /b1 {2}cancelled {2}2026-03-01 00:00 {2}2026-03-02 00:00 {5}0\/24 {5}0 {2}admin-program\n\n {2}b1: prometheus: no answer within 30 s\n/,
    );
    expect((await run('backfill', '--cancel=b9')).status).toBe(1);
  });

  test('a script that waits does not go on after what somebody has cancelled', async () => {
    await run('backfill', '--from=2026-03-01', '--to=2026-03-02', '--no-wait');
    change(api.jobs, 'b1', { state: 'cancelled' });
    expect((await run('backfill', '--follow=b1')).status).toBe(1);
    change(api.jobs, 'b1', { state: 'done' });
    expect((await run('backfill', '--follow=b1')).status).toBe(0);
  });

  test('an interrupted wait says that it goes on', async () => {
    const before = process.listenerCount('SIGINT');
    const running = run('backfill', '--from=2026-03-01', '--to=2026-03-02');
    await eventually('the waiting', () => process.listenerCount('SIGINT') > before || undefined);
    process.emit('SIGINT');
    const { status, stdout } = await running;
    expect([status, stdout]).toEqual([130, expect.stringContaining('It goes on in the daemon.')]);
    expect(api.jobs[0]?.state).toBe('running');
  });
});

describe('what-if', () => {
  const file = (text: string) => {
    writeFileSync(inFolder('prices.yaml'), text);
    return `--file=${inFolder('prices.yaml')}`;
  };

  test('shows who would pay more, the largest differences first', async () => {
    const { status, stdout } = await run('what-if', file('prices: []'), '--period=2026-03', '--limit=2');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^TENANT {4}NOW {3}THEN {2}DIFFERENCE {4}CHANGE {2}CURRENCY\n/);
    expect(stdout).toMatch(/green {3}10\.00 {2}20\.50 {6}\+10\.50 {2}\+105\.0 % {2}EUR\nblue/);
    expect(stdout).toContain('and 1 more tenant with smaller differences');
    expect(stdout).toContain('3 tenants: 30.00 now, 46.50 then, +16.50 EUR (+55.0 %)');
    expect((await run('what-if', file('prices: []'), '--period=2026-03', 'blue')).stdout).toMatch(
      /LINE[\s\S]*H100, GPU hours/,
    );
  });

  test('a mistake in the book is told with its place', async () => {
    const { status, stderr } = await run('what-if', file('broken'), '--period=2026-03');
    expect([status, stderr]).toEqual([2, expect.stringContaining('body: prices[0].price must be a decimal number')]);
  });
});

async function exported(...bills: readonly Bill[]): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of focusCsv(bills)) pieces.push(piece);
  return pieces.join('');
}

describe('focus', () => {
  test('is printed, or written into a file', async () => {
    await api.book.close({ tenant: 'red', period: '2026-03', by: 'olga' });
    const printed = await run('focus', '--period=2026-03', '--drafts', 'red', 'blue');
    expect([printed.status, printed.stdout]).toEqual([
      0,
      'BillingAccountId,BilledCost\r\nred,25.00\r\nred,0.92\r\nblue,17.50\r\n',
    ]);
    const file = inFolder('focus.csv');
    expect((await run('focus', '--period=2026-03', `--out=${file}`)).stdout).toContain('focus.csv: 50 B');
    expect(readFileSync(file, 'utf8')).toBe('BillingAccountId,BilledCost\r\nred,25.00\r\nred,0.92\r\n');
  });

  const checked = (text: string) => {
    const file = inFolder('checked.csv');
    writeFileSync(file, text);
    // No daemon is there.
    return runMain('billing', 'focus', `--check=${file}`, '--billing.url=http://127.0.0.1:9');
  };

  test('a file that keeps to FOCUS is said to, with what is billed by invoice', async () => {
    const { status, stdout } = await checked(await exported(sampleBill(), sampleBill({ number: 'GPU-2026-000043' })));
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/checked\.csv: 22 rows, 1\d\d rules of FOCUS 1\.2, none broken\n/),
    ]);
    expect(stdout).toMatch(/INVOICE {10}BILLED COST\nGPU-2026-000042 {5}87234\.68\nGPU-2026-000043 {5}87234\.68\n$/);
  });

  test('one that does not has line, column, value and rule named, and status 1', async () => {
    const text = await exported(sampleBill());
    const { status, stdout } = await checked(
      `\u{feff}${text.replace('31200.63,ai-research', '"31,200.63",ai-research')}`,
    );
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining('1 mistake\n\nline 2, BilledCost: BilledCost is "31,200.63"\n'),
    ]);
    expect(stdout).toContain('(BilledCost-format)');
    const bills = Array.from({ length: 30 }, (_, at) => sampleBill({ number: `N${at}` }));
    const many = await checked((await exported(...bills)).replaceAll(',EUR,', ',Euro,'));
    expect(many.stdout).toMatch(
      /330 mistakes[\s\S]*and 320 further mistakes of the same kinds[\s\S]*and 10 more invoices/,
    );
    expect((await checked('')).stdout).toContain('the file is empty');
  });

  test.each([
    [['--check=/nowhere.csv'], /--check: \/nowhere\.csv cannot be read: .*ENOENT/],
    [['--check=/tmp'], /--check: \/tmp cannot be read: it is no plain file/],
    [['--check=x.csv', '--period=2026-03'], /give nothing beside it/],
    [['--check=x.csv', 'red'], /give nothing beside it/],
  ])('%j is wrong usage', async (argv, reason) => {
    expect(await runMain('billing', 'focus', ...argv)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(reason),
    });
  });

  test('one that breaks off leaves no half of a file', async () => {
    const half = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/csv', 'content-length': '1000' });
      response.write('BillingAccountId\r\n');
      setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => half.listen(0, '127.0.0.1', resolve));
    const address = half.address();
    const url = `--billing.url=http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const file = inFolder('half.csv');
    const { status, stderr } = await run('focus', '--period=2026-03', `--out=${file}`, url);
    expect([status, stderr]).toEqual([2, expect.stringContaining('--out:')]);
    expect([existsSync(file), readdirSync(folder).some((name) => name.includes('.part'))]).toEqual([false, false]);
    expect(await run('focus', '--period=2026-03', url)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('broke off'),
    });
    half.close();
  });
});

test.each([
  [['close', 'red'], /--period is missing/],
  [['close', '--period=2026-03'], /either tenants or --all/],
  [['close', '--period=2026-03', '--all', 'red'], /either tenants or --all/],
  [['close', '--period=march', 'red'], /--period must be a month such as 2026-03, got "march"/],
  [['focus', '--period=2026-13'], /--period must be a month/],
  [['what-if', '--period=x', '--file=x'], /--period must be a month/],
  [['bill', 'red', 'blue'], /one NUMBER or TENANT/],
  [['bill', 'red', '--out=bill.docx'], /must end in \.pdf, \.html, \.csv, \.json/],
  [['bill', '--out=bill.pdf'], /needs the NUMBER/],
  [['bill', 'red', '--period=March'], /period: must be a month such as 2026-03/],
  [['explain'], /NUMBER or TENANT is missing/],
  [['backfill', '2026-03-01'], /is no option; the time is given with --from/],
  [['backfill', '--from=soon'], /from: must be a time such as/],
  [['backfill', '--from=2026-03-01', '--follow=b1'], /only one of/],
  [['what-if', '--period=2026-03'], /--file is missing/],
  [['what-if', '--period=2026-03', '--file=/nowhere.yaml'], /cannot be read: .*ENOENT/],
  [['focus'], /--period is missing/],
  [
    ['status', '--billing.url=http://127.0.0.1:9'],
    /start it with fleetlens billing, or say where it is with --billing\.url/,
  ],
  [['statu'], /unknown command "billing statu"; did you mean billing status\?/],
])('%j is wrong usage', async (argv, reason) => {
  const { status, stderr, stdout } = await run(...argv);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(reason);
});

test('--json prints what the API answers', async () => {
  await api.book.close({ tenant: 'red', period: '2026-03', by: 'olga' });
  expect(JSON.parse((await run('bill', 'INV-2026-00001', '--json')).stdout)).toMatchObject({ total: '25.92' });
  expect(JSON.parse((await run('status', '--json')).stdout).meters).toHaveLength(2);
});

test('a hostile title does not steer the terminal', async () => {
  api.scene.tenants = [{ ...tenantNamed('red'), title: 'evil \u001b[31m\u202e team' }];
  const { stdout } = await run('bill', 'red', '--period=2026-03');
  expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});
