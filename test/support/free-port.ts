import { createServer } from 'node:net';

/**
 * Below the ports that kernels give to outgoing connections (from 32768 on Linux, 49152 elsewhere): one of those may be taken
 * by any client of any test between the moment it is found free and the moment the program under test listens on it.
 */
const FIRST_PORT = 10_000;
const END_PORT = 32_000;

/** Test files that run at the same time draw from blocks of their own, by the number of their Jest worker. */
const BLOCKS = 16;
const BLOCK_SIZE = Math.floor((END_PORT - FIRST_PORT) / BLOCKS);
const blockStart = FIRST_PORT + (Number(process.env['JEST_WORKER_ID'] ?? 0) % BLOCKS) * BLOCK_SIZE;

/** The next to try. It starts anywhere, for a second run of the tests on the same machine and for what the test file before left. */
let next = Math.floor(Math.random() * BLOCK_SIZE);

/** A port of the loopback interface on which nothing listens. No two calls give the same one until the block is used up. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < BLOCK_SIZE; tried += 1) {
    const port = blockStart + next;
    next = (next + 1) % BLOCK_SIZE;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${blockStart} to ${blockStart + BLOCK_SIZE - 1} of 127.0.0.1 is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
