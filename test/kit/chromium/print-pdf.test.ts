import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../../kit/chromium/find-chromium.ts';
import { createPdfPrinter, type PdfSettings } from '../../../kit/chromium/print-pdf.ts';
import { SourceError } from '../../../kit/errors.ts';
import { isRunning } from '../../support/child-process.ts';
import { eventually } from '../../support/eventually.ts';
import { tool } from '../../support/tools.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fl-print-'));
  mkdirSync(join(folder, 'tmp'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program that is no browser. `$pdf` is where it ought to write. */
function program(script: string): string {
  const path = join(folder, 'browser');
  const find = `for each in "$@"; do case "$each" in --print-to-pdf=*) pdf="\${each#*=}";; esac; done`;
  writeFileSync(path, `#!/bin/sh\n${find}\n${script}\n`, { mode: 0o755 });
  return path;
}

async function failure(settings: PdfSettings, signal?: AbortSignal): Promise<string> {
  const error = await createPdfPrinter({ ...settings, tempFolder: join(folder, 'tmp') })
    .print('<p>page', signal)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  if (error instanceof SourceError) return error.message;
  throw new Error(`expected a SourceError, got ${String(error)}`);
}

function left(): readonly string[] {
  return readdirSync(join(folder, 'tmp'));
}

test('a real Chromium prints pages, asks nobody for anything, and leaves nothing behind', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const page = `<!doctype html><style>@page { size: A4 } p { break-after: page }</style>
    <link rel="stylesheet" href="http://127.0.0.1:${port}/style"><img src="http://localhost:${port}/image">
    <script>fetch('http://127.0.0.1:${port}/script')</script><p>one<p>two<div>three</div>`;
  try {
    const pdf = (
      await createPdfPrinter({ program: tool('chromium'), tempFolder: join(folder, 'tmp') }).print(page)
    ).toString('latin1');
    expect(pdf).toMatch(/^%PDF-1\.\d.*%%EOF\s*$/s);
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(3);
    expect(pdf).toMatch(/\/MediaBox \[0 0 59[45]\.\d+ 84[12]\.\d+\]/);
    expect([asked, left()]).toEqual([[], []]);
  } finally {
    server.close();
  }
});

test('one that does not end is ended after its time, with its helpers', async () => {
  const pids = join(folder, 'pids');
  const hangs = program(`sleep 1000 & echo $! >>${pids}; echo $$ >>${pids}; wait`);
  expect(await failure({ program: hangs, seconds: 1 })).toBe(`${hangs} did not print the page within 1 s`);
  const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  expect(started).toHaveLength(2);
  await eventually('all to be gone', () => (started.some(isRunning) ? undefined : true));
  expect(left()).toEqual([]);
});

test('one that nobody waits for any more is ended', async () => {
  const stop = new AbortController();
  const started = join(folder, 'started');
  const hangs = program(`touch ${started}; sleep 1000`);
  const told = failure({ program: hangs }, stop.signal);
  await eventually('it to start', () => (readdirSync(folder).includes('started') ? true : undefined));
  expect(left()).toEqual([expect.stringMatching(/^fleetlens-pdf-/)]);
  stop.abort();
  expect(await told).toBe('nobody waits for the page any more');
  expect(left()).toEqual([]);
});

test.each([
  ['echo first >&2; echo "cannot open display" >&2; exit 3', 'ended with 3: cannot open display'],
  ['kill -9 $$', 'ended with SIGKILL: it said nothing'],
  ['exit 0', 'wrote no PDF: it said nothing'],
  ['echo text >"$pdf"', 'wrote something that is no PDF'],
])('one that does %s is told', async (script, message) => {
  const path = program(script);
  expect(await failure({ program: path })).toBe(`${path} ${message}`);
  expect(left()).toEqual([]);
});

test('where there is none, the package is named, and the option', async () => {
  expect(await failure({ path: folder, programFrom: '--pdf.chromium' })).toBe(
    'PDFs need Chromium, and none is on PATH of the daemon: install it there (Debian, Ubuntu: apt-get install chromium) or name it with --pdf.chromium',
  );
  expect(await failure({ program: join(folder, 'none'), programFrom: '--pdf.chromium' })).toBe(
    `${folder}/none, which --pdf.chromium names, is no program; PDFs need Chromium`,
  );
});

test('pages are printed one after the other, and only so many wait', async () => {
  const log = join(folder, 'log');
  const slow = program(`echo begin >>${log}; sleep 0.05; printf '%%PDF-1.4' >"$pdf"; echo end >>${log}`);
  const { print } = createPdfPrinter({ program: slow });
  const all = await Promise.allSettled(Array.from({ length: 20 }, () => print('<p>page')));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
  const [refused] = all.filter((each) => each.status === 'rejected');
  expect(String(refused?.reason)).toContain('16 pages are waiting to be printed; ask again later');
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  expect(lines).toEqual(Array.from({ length: 16 }, () => ['begin', 'end']).flat());
  expect(await print('<p>page')).toHaveLength(8);
});

test('a page that is too long is refused before anything is started', async () => {
  const path = program('exit 9');
  await expect(createPdfPrinter({ program: path }).print('x'.repeat(33 * 2 ** 20))).rejects.toThrow(
    'too long to be printed',
  );
});

test('on PATH, Chromium comes before other browsers of its kind; folders and relative entries do not count', () => {
  for (const name of ['a/google-chrome', 'b/chromium', 'c/chromium-browser/x']) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '', { mode: 0o755 });
  }
  const path = (...names: string[]): string => names.map((name) => join(folder, name)).join(':');
  expect(findChromium(undefined, path('a', 'b'))).toBe(join(folder, 'b/chromium'));
  expect(findChromium(undefined, path('a', 'c'))).toBe(join(folder, 'a/google-chrome'));
  expect(findChromium(undefined, `${path('c')}:b`)).toBeUndefined();
  expect(findChromium(join(folder, 'a/google-chrome'), path('b'))).toBe(join(folder, 'a/google-chrome'));
});
