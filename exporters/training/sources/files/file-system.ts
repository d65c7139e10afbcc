import { type BigIntStats, constants, type Dirent, opendir, type Stats, stat } from 'node:fs';
import { open, readdir, realpath, statfs } from 'node:fs/promises';

/** What a look at a followed file needs. */
export type FileStats = Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs' | 'isFile'>;

export interface FileFacts {
  readonly isFile: boolean;
  readonly isFolder: boolean;
  /** `<device>:<inode>`, exact: inodes of Lustre and others do not fit into a number. */
  readonly identity: string;
  /** As `stat` tells them, with what a number loses of them. */
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeSeconds: number;
  /** When anything of it changed, which nobody can set. */
  readonly changedSeconds: number;
}

export interface Entry {
  readonly name: string;
  readonly is: 'file' | 'folder' | 'link' | 'other';
}

export interface Piece {
  /** Of the file that was read, which may have come under the name just now. */
  readonly identity: string;
  readonly bytesRead: number;
}

/** The part of node:fs that is used, so that tests can let it fail. All follow symbolic links but `list`. */
export interface FileSystem {
  /** With a callback, which costs less than a promise for those that are made by the thousand. */
  readonly stat: (path: string, done: (error: Error | null, stats: FileStats | undefined) => void) => void;
  readonly identify: (path: string) => Promise<FileFacts>;
  /** At most `limit` entries of a folder; `size` is that of the folder itself. */
  readonly list: (path: string, size: number, limit: number) => Promise<readonly Entry[]>;
  readonly realPath: (path: string) => Promise<string>;
  /** Fills the buffer from a plain file, as far as the file goes. */
  readonly read: (path: string, position: number, buffer: Uint8Array) => Promise<Piece>;
  /** Whether the path is on a disk of this machine, which answers or is broken, and not on one of the network, which may hang. */
  readonly isLocal: (path: string) => Promise<boolean>;
}

export const diskFileSystem: FileSystem = {
  stat: (path, done) => stat(path, done),
  identify: (path) =>
    new Promise((resolve, reject) =>
      stat(path, { bigint: true }, (error, stats) => (error === null ? resolve(factsOf(stats)) : reject(error))),
    ),
  list: listFolder,
  realPath: (path) => realpath(path),
  read: readPiece,
  isLocal: async (path) => localKinds.has((await statfs(path)).type),
};

/** Folders of more bytes than this are read in parts, so that one of millions of entries does not take the memory. */
const largeFolderBytes = 4 * 1024 * 1024;

async function listFolder(path: string, size: number, limit: number): Promise<readonly Entry[]> {
  if (size <= largeFolderBytes) return (await readdir(path, { withFileTypes: true })).slice(0, limit).map(entryOf);
  return new Promise((resolve, reject) => listInParts(path, limit, resolve, reject));
}

function listInParts(
  path: string,
  limit: number,
  resolve: (entries: readonly Entry[]) => void,
  reject: (error: Error) => void,
): void {
  opendir(path, { bufferSize: 1024 }, (failure, folder) => {
    if (failure !== null) return reject(failure);
    const entries: Entry[] = [];
    const next = (): void =>
      folder.read((error, entry) => {
        if (entry !== null) entries.push(entryOf(entry));
        if (error === null && entry !== null && entries.length < limit) return next();
        folder.close(() => (error === null ? resolve(entries) : reject(error)));
      });
    next();
  });
}

function entryOf(entry: Dirent): Entry {
  return { name: entry.name, is: kindOf(entry) };
}

function kindOf(entry: Dirent): Entry['is'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

async function readPiece(path: string, position: number, buffer: Uint8Array): Promise<Piece> {
  // Without O_NONBLOCK a pipe that took the name of the file would not open before somebody writes to it.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw new Error(`${path} is no plain file`);
    let bytesRead = 0;
    while (bytesRead < buffer.length) {
      const piece = await handle.read(buffer, bytesRead, buffer.length - bytesRead, position + bytesRead);
      if (piece.bytesRead === 0) break;
      bytesRead += piece.bytesRead;
    }
    return { identity: identityOf(stats), bytesRead };
  } finally {
    await handle.close();
  }
}

function factsOf(stats: BigIntStats): FileFacts {
  return {
    isFile: stats.isFile(),
    isFolder: stats.isDirectory(),
    identity: identityOf(stats),
    dev: Number(stats.dev),
    ino: Number(stats.ino),
    size: Number(stats.size),
    mtimeSeconds: Number(stats.mtimeNs / 1_000_000n) / 1000,
    changedSeconds: Number(stats.ctimeNs / 1000n) / 1e6,
  };
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** Magic numbers of statfs(2), from linux/magic.h and the sources of ZFS. FUSE is left out: something on the network may be behind it. */
const localKinds: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0xf2f52010, // f2fs
  0xca451a4e, // bcachefs
  0x2fc12fc1, // zfs
  0x01021994, // tmpfs
  0x794c7630, // overlayfs
]);
