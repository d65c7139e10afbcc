import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../support/child-process.ts';
import { endCliProcesses, startCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'billing-pdf-'));
afterEach(() => endCliProcesses());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = `
sources: [{name: main, cluster: east, url: 'http://127.0.0.1:9'}]
tenants: [{name: red, owns: [{namespace: red}]}]
prices: [{meter: gpu_time, unit: GPU hour, price: '2.50'}]
`;

/** A program that is no browser. `$pdf` is where it ought to write. */
function browser(script: string): string {
  const path = join(folder, 'browser');
  const find = `for each in "$@"; do case "$each" in --print-to-pdf=*) pdf="\${each#*=}";; esac; done`;
  writeFileSync(path, `#!/bin/sh\n${find}\n${script}\n`, { mode: 0o755 });
  return path;
}

test('the daemon prints with the program that --billing.chromium names, and ends it when it stops', async () => {
  writeFileSync(join(folder, 'billing.yaml'), file);
  const chromium = browser(`printf '%%PDF-1.4 of the test' >"$pdf"`);
  const child = await startCli([
    'billing',
    `--billing.file=${join(folder, 'billing.yaml')}`,
    `--store.folder=${join(folder, 'state')}`,
    `--billing.chromium=${chromium}`,
    '--web.listen-address=127.0.0.1:0',
  ]);
  // It makes a new database first, which takes seconds on a busy machine.
  const daemon = await eventually('the daemon', () => / url=(\S+)/.exec(child.stderr())?.[1], { withinSeconds: 90 });
  const url = `${daemon}/api/v1/tenants/red/draft?format=pdf`;
  const printed = await fetch(url);
  expect([printed.status, printed.headers.get('content-type'), await printed.text()]).toEqual([
    200,
    'application/pdf',
    '%PDF-1.4 of the test',
  ]);
  const pids = join(folder, 'pids');
  browser(`echo $$ >>${pids}; sleep 1000`);
  const waiting = fetch(url).catch(() => undefined);
  const pid = await eventually('the browser', () => {
    try {
      return Number(readFileSync(pids, 'utf8').trim()) || undefined;
    } catch {
      return undefined;
    }
  });
  child.kill('SIGTERM');
  await child.ended;
  await waiting;
  await eventually('the browser to be gone', () => (isRunning(pid) ? undefined : true));
}, 180_000);
