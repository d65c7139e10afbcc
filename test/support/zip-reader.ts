import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly path: string;
  readonly bytes: Buffer;
  /** As the directory of the archive tells them. */
  readonly crc32: number;
  readonly mode: number;
  readonly date: number;
}

/** Reads an archive by its directory, as programs that unpack do; nothing of it comes from the library that packs. */
export function readZip(archive: Uint8Array): readonly ZipEntry[] {
  const zip = Buffer.from(archive);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('no end of a directory: not a zip archive');
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error(`no entry of the directory at byte ${at}`);
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const path = zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    entries.push({
      path,
      bytes: contentOf(zip, at, path),
      crc32: zip.readUInt32LE(at + 16),
      mode: zip.readUInt32LE(at + 38) >>> 16,
      date: zip.readUInt16LE(at + 14),
    });
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (noteLength ?? 0);
  }
  return entries;
}

function contentOf(zip: Buffer, entry: number, path: string): Buffer {
  const method = zip.readUInt16LE(entry + 10);
  const packed = zip.readUInt32LE(entry + 20);
  const size = zip.readUInt32LE(entry + 24);
  const header = zip.readUInt32LE(entry + 42);
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const data = zip.subarray(start, start + packed);
  const bytes = method === 0 ? data : inflateRawSync(data);
  if (bytes.length !== size) throw new Error(`${path} has ${bytes.length} bytes, the directory says ${size}`);
  return Buffer.from(bytes);
}
