import { createSocket, type Socket } from 'node:dgram';
import type { Clock } from '../../../../kit/clock.ts';
import { ConfigError, errnoOf, reasonOf } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import type { Address } from '../../../../kit/options/define.ts';
import { createDatagramReader } from '../../decoders/push/datagram-reader.ts';
import type { Journal } from '../../journal.ts';
import type { TagMap } from '../../schema/tag-map.ts';
import type { SourceLedger } from '../../source-ledger.ts';

export interface UdpPushSettings {
  readonly address: Address;
  readonly journal: Journal;
  readonly ledger: SourceLedger;
  readonly tags: TagMap;
  readonly clock: Clock;
  readonly log: Log;
}

export interface UdpPush {
  /** Where it listens, which is of interest where port 0 was asked for. */
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** A burst of some thousand datagrams waits in the kernel meanwhile we answer a scrape. */
const receiveBufferBytes = 1024 * 1024;

/** Takes statsd datagrams. Each is done with before the next is read, so a flood costs time of the processor and what the kernel drops. */
export async function startUdpPush({ address, log, ...deps }: UdpPushSettings): Promise<UdpPush> {
  const read = createDatagramReader(deps);
  const socket = await bound(address).catch((error: unknown) => {
    throw bindError(error, address);
  });
  socket.on('error', (error) => log.warn('datagrams cannot be received', { reason: error.message }));
  socket.on('message', read);
  if (!isLoopback(address.host)) {
    log.warn('whoever reaches this address can write into runs; datagrams carry no token', {
      option: '--push.udp-address',
      address: written(address),
    });
  }
  return {
    port: socket.address().port,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** All interfaces are had by IPv6, which takes IPv4 too, and by IPv4 where there is no IPv6. */
async function bound(address: Address): Promise<Socket> {
  const { host } = address;
  if (host !== undefined) return bind(address, host.includes(':') ? 'udp6' : 'udp4');
  try {
    return await bind(address, 'udp6');
  } catch (error) {
    if (errnoOf(error) === 'EADDRINUSE') throw error;
  }
  return bind(address, 'udp4');
}

function bind(address: Address, type: 'udp4' | 'udp6'): Promise<Socket> {
  const { host, port } = address;
  const socket = createSocket({ type, recvBufferSize: receiveBufferBytes });
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', onError);
    socket.bind({ port, ...(host === undefined ? {} : { address: host }) }, () => {
      socket.off('error', onError);
      resolve(socket);
    });
  });
}

function bindError(error: unknown, address: Address): ConfigError {
  const option = `--push.udp-address ${written(address)}`;
  switch (errnoOf(error)) {
    case 'EADDRINUSE':
      return new ConfigError(
        `${option} is in use by another process; stop that one, choose another port, or give --no-push.udp`,
      );
    case 'EACCES':
      return new ConfigError(`${option} is not allowed for this user; choose a port above 1023`);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
      return new ConfigError(`${option} is no address of this machine`);
    default:
      return new ConfigError(`${option} cannot be listened on: ${reasonOf(error)}`);
  }
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && (host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host));
}

function written({ host = '', port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
