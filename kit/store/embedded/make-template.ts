/** Entry point of the thread that makes an empty database in memory, and hands over its folder as a tar archive. */
import { parentPort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const database = await PGlite.create('memory://');
const dump = await database.dumpDataDir('none');
const archive = await dump.arrayBuffer();
await database.close();
parentPort?.postMessage(new Uint8Array(archive), [archive]);
