/** What a run does to its files; paths are relative to its folder. */
export type FileChange =
  | { readonly kind: 'append'; readonly path: string; readonly data: Buffer }
  | { readonly kind: 'replace'; readonly path: string; readonly data: Buffer }
  | { readonly kind: 'remove'; readonly path: string };

/** Collects what is to be written, so that the writers need no file system. */
export interface RunFiles {
  readonly append: (path: string, data: string | Uint8Array) => void;
  /** The whole file at once: a reader never sees half of it. */
  readonly replace: (path: string, text: string) => void;
  /** A file, or a folder with all that is in it. */
  readonly remove: (path: string) => void;
  /** What was collected since the last call, in order; what goes to the end of one file in a row is one change. */
  readonly take: () => readonly FileChange[];
}

export function createRunFiles(): RunFiles {
  let changes: FileChange[] = [];

  function append(path: string, data: string | Uint8Array): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.length);
    changes.push({ kind: 'append', path, data: bytes });
  }

  return {
    append,
    replace: (path, text) => void changes.push({ kind: 'replace', path, data: Buffer.from(text) }),
    remove: (path) => void changes.push({ kind: 'remove', path }),
    take: () => {
      const taken = joined(changes);
      changes = [];
      return taken;
    },
  };
}

/** Appends to the same file are put together, as long as nothing but appends to other files lies between them. */
function joined(changes: readonly FileChange[]): readonly FileChange[] {
  const result: FileChange[] = [];
  const pending = new Map<string, Buffer[]>();
  const settle = (): void => {
    for (const [path, parts] of pending) result.push({ kind: 'append', path, data: Buffer.concat(parts) });
    pending.clear();
  };
  for (const change of changes) {
    if (change.kind === 'append') {
      const parts = pending.get(change.path) ?? [];
      parts.push(change.data);
      pending.set(change.path, parts);
      continue;
    }
    settle();
    result.push(change);
  }
  settle();
  return result;
}
