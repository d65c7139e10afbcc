import { createServer } from 'node:net';
import type { Address } from '../../kit/options/define.ts';

/** The error code for which the address cannot be had now; undefined if it can. */
export function tryToListen({ host, port }: Address): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen({ port, exclusive: true, ...(host === undefined ? {} : { host }) }, () => {
      server.close(() => resolve(undefined));
    });
  });
}
