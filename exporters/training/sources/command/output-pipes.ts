import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export interface OutputPipe {
  /** For the command; closed here once it has it. */
  readonly writer: number;
  readonly reader: Readable;
}

/**
 * Real pipes. What Node gives to a child by itself are sockets, from which a command can tell that it is watched: it cannot open /dev/stderr,
 * as many scripts do, and gets another error where nobody reads any more. Undefined where they cannot be made, as there is no mkfifo or the
 * folder cannot be written to.
 */
export function createOutputPipes(count: number, parent: string): readonly OutputPipe[] | undefined {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(parent, 'fleetlens-'));
    const paths = Array.from({ length: count }, (_, index) => join(folder ?? '', String(index)));
    execFileSync('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore' });
    return paths.map(openPipe);
  } catch {
    return undefined;
  } finally {
    // Whoever has opened a pipe keeps it without its name.
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function openPipe(path: string): OutputPipe {
  // Without O_NONBLOCK it would wait for a writer.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  return { writer, reader: new Socket({ fd, readable: true, writable: false }) };
}

export function closeWriters(pipes: readonly OutputPipe[]): void {
  for (const { writer } of pipes) closeSync(writer);
}
