import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../errors.ts';
import type { Address } from '../options/define.ts';

/** `option` is the one that gives the address, for messages. Throws ConfigError if the address cannot be had. */
export function listen(server: Server, { host, port }: Address, option = '--web.listen-address'): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(listenError(error, { host, port }, option));
    server.once('error', onError);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, { host = '', port }: Address, option: string): ConfigError {
  const address = `${option} ${bracketed(host)}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(`${address} is in use by another process; stop that one or choose another port`);
    case 'EACCES':
      return new ConfigError(`${address} is not allowed for this user; choose a port above 1023`);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
      return new ConfigError(`${address} is no address of this machine`);
    default:
      return new ConfigError(`${address} cannot be listened on: ${error.message}`);
  }
}

/** A URL that a client on this machine can use. */
export function urlOf(server: Server, { host }: Address, secure: boolean): string {
  const { port } = server.address() as AddressInfo;
  const anywhere = host === undefined || host === '0.0.0.0' || host === '::';
  return `${secure ? 'https' : 'http'}://${anywhere ? '127.0.0.1' : bracketed(host)}:${port}`;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
