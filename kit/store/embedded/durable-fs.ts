import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { reasonOf } from '../../errors.ts';

/** What is used of an open file, a node and the module of Emscripten's file system. */
interface OpenFile {
  readonly nfd?: number;
}
interface FileNode {
  readonly name: string;
}
interface NodeFiles {
  readonly realPath: (node: FileNode) => string;
  readonly node_ops: Record<string, (...args: never[]) => unknown>;
  readonly stream_ops: Record<string, unknown>;
}
type Options = Parameters<NodeFS['init']>[1];
type Initialised = Awaited<ReturnType<NodeFS['init']>>;

/**
 * The data folder on the disk, with fsync. PGlite's own file system answers "done" to it and does nothing, so that a commit would not
 * survive a power cut.
 */
export class DurableFS extends NodeFS {
  #fsyncs = 0;
  readonly #onAbort: (reason: string) => void;

  constructor(folder: string, onAbort: (reason: string) => void) {
    super(folder);
    this.#onAbort = onAbort;
  }

  /** Files and folders that were brought to the disk so far. */
  fsyncs(): number {
    return this.#fsyncs;
  }

  override async init(database: PGlite, options: Options): Promise<Initialised> {
    // Emscripten calls it when the program inside aborts, as PostgreSQL does on a PANIC.
    const onAbort = { onAbort: (reason: unknown) => this.#onAbort(String(reason)) };
    const initialised = await super.init(database, { ...options, ...onAbort });
    const { emscriptenOpts } = initialised;
    const install = (module: unknown): void => installDurability(filesOf(module), () => this.#fsyncs++);
    emscriptenOpts.preRun = [...(emscriptenOpts.preRun ?? []), install];
    return initialised;
  }
}

/** Makes fsync work, and brings a new name in a folder to the disk too. Calls back for every fsync. */
export function installDurability(files: NodeFiles, onSync: () => void): void {
  const { node_ops: nodes, stream_ops: streams, realPath } = files;
  const { mknod, rename, unlink } = nodes;
  if (mknod === undefined || rename === undefined || unlink === undefined) throw unknownInside('node operations');

  function sync(descriptor: number): void {
    try {
      fsyncSync(descriptor);
    } catch (error) {
      stopProcess(`fsync failed: ${reasonOf(error)}`);
    }
    onSync();
  }

  function syncFolder(path: string): void {
    const descriptor = openSync(path, 'r');
    try {
      sync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  streams['fsync'] = ({ nfd }: OpenFile): number => {
    if (nfd !== undefined) sync(nfd);
    return 0;
  };
  nodes['mknod'] = (parent: FileNode, ...rest: never[]) => {
    const node = mknod(...([parent, ...rest] as never[]));
    syncFolder(realPath(parent));
    return node;
  };
  nodes['rename'] = (node: FileNode, newParent: FileNode, ...rest: never[]) => {
    const from = dirname(realPath(node));
    const result = rename(...([node, newParent, ...rest] as never[]));
    const to = realPath(newParent);
    syncFolder(to);
    if (resolve(from) !== resolve(to)) syncFolder(from);
    return result;
  };
}

/**
 * After a failed fsync the kernel may have thrown the data away, and a second try would succeed without them. Only reading the log of the
 * database again, in a new process, tells what is on the disk. A thread cannot abort the process, a signal can.
 */
function stopProcess(reason: string): never {
  writeSync(2, `the embedded database stops the process, to lose nothing: ${reason}\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal reaches this thread too, at the latest here.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  throw new Error(reason);
}

function filesOf(module: unknown): NodeFiles {
  const files = typeof module === 'object' && module !== null && 'NODEFS' in module ? module.NODEFS : undefined;
  if (!isNodeFiles(files)) throw unknownInside('NODEFS');
  return files;
}

function isNodeFiles(value: unknown): value is NodeFiles {
  return (
    typeof value === 'object' && value !== null && 'node_ops' in value && 'stream_ops' in value && 'realPath' in value
  );
}

function unknownInside(what: string): Error {
  return new Error(`this version of PGlite has no ${what} where version 0.5.16 has them`);
}
