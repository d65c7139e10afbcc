/**
 * Entry point of the thread in which the embedded database runs: a long statement would otherwise hold up everything else in the process.
 * It takes PostgreSQL's protocol as bytes and gives bytes back, so that the same driver speaks to it as to a server.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { reasonOf } from '../../errors.ts';
import { createChunks } from './chunks.ts';
import { DurableFS } from './durable-fs.ts';
import { createLastWords, createWatch } from './fatal.ts';
import type { Answer, Request, ThreadSettings } from './protocol.ts';

const port = parentPort;
if (port === null) throw new Error('this is a part of the store and runs as a thread only');

const startParameters = [
  // -F would turn fsync off.
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  // The call behind the default, fdatasync, does nothing in PGlite.
  ...['-c', 'wal_sync_method=fsync'],
  ...['-c', 'max_wal_size=256MB'],
  ...['-c', 'shared_buffers=32MB'],
];

function send(answer: Answer): void {
  if ('bytes' in answer) port?.postMessage(answer, [answer.bytes.buffer as ArrayBuffer]);
  else port?.postMessage(answer);
}

const lastWords = createLastWords();

/** The answer lets PGlite print the line, or not. */
function onStderr(line: string): boolean {
  lastWords.hear(line);
  return false;
}

/** Without shutting the database down: it is no longer in a state in which that would be safe. */
function die(reason: string | undefined): never {
  send({ kind: 'dead', reason: reason ?? lastWords.tell() ?? 'it gave no reason' });
  process.exit(1);
}

async function main({ dataFolder }: ThreadSettings): Promise<void> {
  const watch = createWatch();
  const files = new DurableFS(dataFolder, (reason) => die(watch.reason() ?? lastWords.tell() ?? reason));
  const database = await PGlite.create({ fs: files, startParams: startParameters, onStderr });
  send({ kind: 'ready' });
  port?.on('message', (request: Request) => void serve(request));

  async function serve(request: Request): Promise<void> {
    if (request.kind === 'close') {
      await database.close();
      send({ kind: 'closed' });
      process.exit(0);
    }
    const { id, bytes } = request;
    const chunks = createChunks((chunk) => send({ kind: 'data', id, bytes: chunk }));
    await database.execProtocolRawStream(bytes, {
      syncToFs: false,
      onRawData: (data) => {
        watch.see(data);
        chunks.add(data);
      },
    });
    const reason = watch.reason();
    if (reason !== undefined) die(reason);
    send({ kind: 'done', id, bytes: chunks.rest(), fsyncs: files.fsyncs() });
  }
}

main(workerData as ThreadSettings).catch((error: unknown) => die(lastWords.tell() ?? reasonOf(error)));
