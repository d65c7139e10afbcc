import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { SourceError } from '../../errors.ts';
import { syncPath } from './sync-path.ts';

const block = 512;

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly content: Buffer;
}

/** Unpacks a tar archive into a new folder and brings all of it to the disk. Knows files and folders, which is what a database has. */
export function unpack(archive: Buffer, folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
  const folders = new Set([folder]);
  for (const { name, isFolder, content } of entriesOf(archive)) {
    const path = join(folder, name);
    const parent = isFolder ? path : dirname(path);
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    folders.add(parent);
    if (!isFolder) writeDurably(path, content);
  }
  for (const each of folders) syncPath(each);
}

function writeDurably(path: string, content: Buffer): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function* entriesOf(archive: Buffer): Generator<Entry> {
  let at = 0;
  while (at + block <= archive.length && archive[at] !== 0) {
    const header = archive.subarray(at, at + block);
    checkSum(header);
    const size = octal(header, 124, 12);
    const content = archive.subarray(at + block, at + block + size);
    if (content.length < size) throw new SourceError('the archive is cut off');
    yield { name: nameOf(header), isFolder: String.fromCharCode(header[156] ?? 0) === '5', content };
    at += block + Math.ceil(size / block) * block;
  }
}

/** Of a name that leads out of the folder nothing may be written. */
function nameOf(header: Buffer): string {
  const prefix = text(header, 345, 155);
  const name = normalize(prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`);
  if (name.split('/').includes('..')) throw new SourceError(`the archive has the name ${name}`);
  return name;
}

/** The sum of all bytes of the header, with blanks in place of the sum itself. */
function checkSum(header: Buffer): void {
  let sum = 8 * 32;
  for (const [index, byte] of header.entries()) if (index < 148 || index >= 156) sum += byte;
  if (sum !== octal(header, 148, 8)) throw new SourceError('the archive is damaged');
}

function octal(header: Buffer, at: number, length: number): number {
  return Number.parseInt(text(header, at, length).trim(), 8);
}

function text(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}
