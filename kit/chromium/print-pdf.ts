import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errnoOf, SourceError } from '../errors.ts';
import { findChromium } from './find-chromium.ts';
import { noChromium } from './no-chromium.ts';

export interface PdfPrinter {
  /** A page of HTML that needs nothing else, as PDF. One is printed at a time. Throws SourceError that says what to do, NoChromium if there is none. */
  readonly print: (html: string, signal?: AbortSignal) => Promise<Buffer>;
}

export interface PdfSettings {
  /** Path of the program; without it one is looked for on PATH. */
  readonly program?: string | undefined;
  /** Names the option for the program, for errors. */
  readonly programFrom?: string;
  readonly path?: string;
  /** It is ended after that. */
  readonly seconds?: number;
  /** Where its own folder is made and removed again. */
  readonly tempFolder?: string;
}

const maxHtmlBytes = 32 * 2 ** 20;
const maxPdfBytes = 64 * 2 ** 20;
const maxWaiting = 16;
const keptOutput = 2000;

/**
 * No sandbox: it needs rights that containers do not give, and the page is ours. No network: a proxy that is not there is asked for everything, loopback
 * too.
 */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--proxy-server=http://127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  '--no-pdf-header-footer',
];

export function createPdfPrinter({
  program,
  programFrom = 'the option for it',
  path,
  seconds = 60,
  tempFolder = tmpdir(),
}: PdfSettings = {}): PdfPrinter {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= maxWaiting) throw new SourceError(`${waiting} pages are waiting to be printed; ask again later`);
    waiting += 1;
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn.finally(() => {
      waiting -= 1;
    });
  }

  return {
    print: async (html, signal) => {
      const found = findChromium(program, path);
      if (found === undefined) throw noChromium(program, programFrom);
      if (Buffer.byteLength(html) > maxHtmlBytes)
        throw new SourceError(`the page has more than ${maxHtmlBytes / 2 ** 20} MB and is too long to be printed`);
      return inTurn(() => print(html, { program: found, seconds, signal, tempFolder }));
    },
  };
}

interface Job {
  readonly program: string;
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
  readonly tempFolder: string;
}

/** In a folder of its own, with its profile, which goes when it is done. */
async function print(html: string, { tempFolder, ...job }: Job): Promise<Buffer> {
  const { program, signal } = job;
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(tempFolder, 'fleetlens-pdf-'));
  try {
    const [page, pdf] = [join(folder, 'page.html'), join(folder, 'page.pdf')];
    await writeFile(page, html, { mode: 0o600 });
    const args = [
      ...flags,
      `--user-data-dir=${join(folder, 'profile')}`,
      `--print-to-pdf=${pdf}`,
      pathToFileURL(page).href,
    ];
    const output = await run({ ...job, args, folder });
    return await readPdf(pdf, program, output);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

interface Run extends Omit<Job, 'tempFolder'> {
  readonly args: readonly string[];
  readonly folder: string;
}

/** What it said, once it has ended well. Its helpers end with it. */
function run({ program, args, folder, seconds, signal }: Run): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
  const child = spawn(program, args, { env, cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-keptOutput);
  });
  const timeUp = AbortSignal.timeout(seconds * 1000);
  const ending = signal === undefined ? timeUp : AbortSignal.any([timeUp, signal]);
  const end = (): void => endGroup(child);
  ending.addEventListener('abort', end, { once: true });
  return new Promise<string>((resolve, reject) => {
    child.once('error', (error) => reject(new SourceError(`${program} cannot be started: ${error.message}`)));
    child.once('close', (code, killedBy) => {
      endGroup(child);
      if (signal?.aborted === true) reject(new SourceError('nobody waits for the page any more'));
      else if (timeUp.aborted) reject(new SourceError(`${program} did not print the page within ${seconds} s`));
      else if (code !== 0) reject(new SourceError(`${program} ended with ${code ?? killedBy}: ${lastLine(output)}`));
      else resolve(output);
    });
  }).finally(() => ending.removeEventListener('abort', end));
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody of it is left.
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}

async function readPdf(path: string, program: string, output: string): Promise<Buffer> {
  const size = await stat(path).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size === 0) throw new SourceError(`${program} wrote no PDF: ${lastLine(output)}`);
  if (size > maxPdfBytes) throw new SourceError(`the PDF has ${size} bytes; ${maxPdfBytes} are allowed`);
  const bytes = await readFile(path);
  if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-')))
    throw new SourceError(`${program} wrote something that is no PDF`);
  return bytes;
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) || 'it said nothing';
}
