import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import { formatBytes } from '../training-inspect/text/units.ts';
import { onInterrupt } from './on-interrupt.ts';
import type { ProgressBar } from './progress-bar.ts';
import { whileWaiting } from './while-waiting.ts';

/** Writes an answer into a file, which is whole or as it was before. Resolves with its bytes. Throws ConfigError. */
export async function saveDownload(answer: IncomingMessage, file: string, progress: ProgressBar): Promise<number> {
  const part = `${file}.${process.pid}.part`;
  const output = createWriteStream(part, { flags: 'wx', mode: 0o600 });
  const done = onInterrupt(() => {
    progress.end();
    rmSync(part, { force: true });
    return `interrupted; ${file} is as it was before`;
  });
  try {
    const what = (): string => `writing ${file}, ${formatBytes(output.bytesWritten)}`;
    await whileWaiting(progress, what, () => pipeline(answer, output));
    const { size } = await stat(part);
    await rename(part, file);
    return size;
  } catch (error) {
    await rm(part, { force: true });
    throw new ConfigError(`--out: ${file} cannot be written: ${reasonOf(error)}`);
  } finally {
    done();
  }
}

/** Prints an answer as it comes. Throws ConfigError if it breaks off. */
export async function printDownload(answer: IncomingMessage, output: NodeJS.WritableStream): Promise<void> {
  try {
    for await (const chunk of answer) if (!output.write(chunk)) await once(output, 'drain');
  } catch (error) {
    throw new ConfigError(`the answer broke off, so it is not whole: ${reasonOf(error)}`);
  }
}
