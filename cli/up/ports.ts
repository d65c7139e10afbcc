import { createServer } from 'node:net';
import { ConfigError } from '../../kit/errors.ts';

const host = '127.0.0.1';

/** The port that the user gave, which must be free, or else the usual one, or else any free one. */
export async function choosePort(option: string, given: number | undefined, usual: number): Promise<number> {
  if (given === undefined) return (await tryPort(usual)) ?? anyFreePort();
  const port = await tryPort(given);
  if (port !== undefined) return port;
  throw new ConfigError(
    `--${option} ${given} is in use or not allowed; stop what listens there or choose another port`,
  );
}

async function anyFreePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === undefined) throw new ConfigError(`no port can be opened on ${host}`);
  return port;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
