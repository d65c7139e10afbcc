import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bill } from '../../../../exporters/billing/bills/bill.ts';
import { createStatements, type StatementSettings } from '../../../../exporters/billing/statements/statements.ts';
import { type BillingApi, startBillingApi, stopBilling } from '../../../support/billing-api.ts';
import { eventually } from '../../../support/eventually.ts';
import { pdfPages } from '../../../support/pdf-text.ts';
import { processesOfGroup, processesWith } from '../../../support/processes-with.ts';
import { runMain } from '../../../support/run-main.ts';
import { sampleBill, sampleLine } from '../../../support/sample-bill.ts';
import { tool } from '../../../support/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'fl-printing-'));
let api: BillingApi | undefined;
let tempFolder: string;

beforeEach(() => {
  tempFolder = mkdtempSync(join(folder, 'tmp-'));
});
afterEach(async () => {
  await api?.stop();
  api = undefined;
  expect(readdirSync(tempFolder)).toEqual([]);
});
afterAll(async () => {
  await stopBilling();
  rmSync(folder, { recursive: true, force: true });
});

/** Of a shell: writes where the printed page is wanted. */
const prints = `for each in "$@"; do case "$each" in --print-to-pdf=*) printf %%PDF-1.4 >"\${each#*=}";; esac; done`;

/** A program that is no browser. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

function longBill(count: number): Bill {
  return sampleBill({
    lines: Array.from({ length: count }, (_, at) => sampleLine({ description: `Model number ${at + 1} of all` })),
  });
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

async function daemonWith(settings: StatementSettings): Promise<void> {
  api = await startBillingApi({ services: { statements: createStatements({ ...settings, tempFolder }) } });
  await api.book.close({ tenant: 'red', period: '2026-03', by: 'olga' });
}

const ask = async (query: string) => {
  if (api === undefined) throw new Error('there is no daemon');
  return api.ask(`/api/v1/bills/INV-2026-00001${query}`);
};
const save = (file: string) =>
  runMain('billing', 'bill', 'INV-2026-00001', `--out=${join(folder, file)}`, `--billing.url=${api?.url}`);

test('a closed bill comes out of the command as a PDF with its text, on pages of A4 that are counted', async () => {
  await daemonWith({ chromium: tool('chromium') });
  expect(await save('march.pdf')).toMatchObject({ status: 0, stderr: '' });
  const pdf = readFileSync(join(folder, 'march.pdf'));
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  const pages = pdfPages(pdf);
  expect(pages.map((page) => /\d+ \/ \d+/.exec(page)?.[0])).toEqual(
    pages.map((_, at) => `${at + 1} / ${pages.length}`),
  );
  const text = pages.join('');
  for (const part of [
    'INV-2026-00001',
    'Team red',
    '1 March 2026 to 31 March 2026',
    'H100, GPU hours',
    '25.00',
    '25.92 EUR',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('DRAFT');
});

test('a bill of a thousand lines has as many as its HTML, on many pages', async () => {
  const pdf = Buffer.from(
    await createStatements({ chromium: tool('chromium'), tempFolder }).pdf(
      longBill(1000),
      new AbortController().signal,
    ),
  );
  const pages = pdfPages(pdf);
  expect(pages.length).toBeGreaterThan(40);
  expect(pages.join('').match(/Model number \d+ of all/g)).toHaveLength(1000);
});

test('without Chromium the answer is 501 with the remedy, the command says it, and HTML works', async () => {
  await daemonWith({ path: folder });
  const { status, json, headers } = await ask('?format=pdf');
  expect([status, json.error.code, headers['retry-after']]).toEqual([501, 'not_set_up', undefined]);
  expect(json.error.message).toBe(
    'PDFs need Chromium, and none is on PATH of the daemon: install it there (Debian, Ubuntu: apt-get install chromium) or name it with --billing.chromium; HTML, CSV and JSON do without it',
  );
  const told = await save('none.pdf');
  expect([told.status, told.stderr]).toEqual([1, `fleetlens billing bill: ${json.error.message}\n`]);
  expect(readdirSync(folder)).not.toContain('none.pdf');
  expect((await save('march.html')).status).toBe(0);
  expect(readFileSync(join(folder, 'march.html'), 'utf8')).toContain('<h1>Statement</h1>');
});

test('a wrong --billing.chromium is named', async () => {
  await daemonWith({ chromium: join(folder, 'nowhere') });
  const { status, json } = await ask('?format=pdf');
  expect([status, json.error.message]).toEqual([
    501,
    `${folder}/nowhere, which --billing.chromium names, is no program; PDFs need Chromium; HTML, CSV and JSON do without it`,
  ]);
});

test.each([
  ['hangs', 'sleep 1000', 'did not print the page within 1 s'],
  ['dies', 'echo "no display" >&2; kill -9 $$', 'ended with SIGKILL: no display'],
  ['lies', 'exit 0', 'wrote no PDF: it said nothing'],
])(
  'a Chromium that %s is told as a failure that may pass, and the next bill is printed',
  async (name, script, reason) => {
    const chromium = program(name, script);
    await daemonWith({ chromium, seconds: 1 });
    const { status, json } = await ask('?format=pdf');
    expect([status, json.error]).toEqual([503, { code: 'unavailable', message: `${chromium} ${reason}` }]);
    expect((await ask('?format=html')).status).toBe(200);
    program(name, prints);
    expect((await ask('?format=pdf')).status).toBe(200);
  },
);

test('what is being printed ends with whoever asked, and with the daemon; a real Chromium leaves no process behind', async () => {
  const stopping = new AbortController();
  const { pdf } = createStatements({ chromium: tool('chromium'), stopping: stopping.signal, tempFolder });
  for (const end of [new AbortController(), stopping]) {
    const signal = end === stopping ? new AbortController().signal : end.signal;
    const printing = expect(pdf(longBill(20_000), signal)).rejects.toThrow('nobody waits for the page any more');
    const [group = 0] = await eventually('Chromium', () => nonEmpty(processesWith(tempFolder)));
    await eventually('its helpers', () => (processesOfGroup(group).length > 3 ? true : undefined));
    end.abort();
    await printing;
    await eventually('all of them to be gone', () =>
      processesOfGroup(group).length + processesWith(tempFolder).length === 0 ? true : undefined,
    );
  }
});
