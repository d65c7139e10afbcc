import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { ConfigError } from '../../kit/errors.ts';
import type { UpOptions } from './options.ts';

const host = '127.0.0.1';

export interface Ports {
  readonly gpu: number;
  readonly training: number;
  /** Where the training exporter takes datagrams. */
  readonly trainingUdp: number;
  readonly inference: number;
  /** Where clients of LLMs connect. */
  readonly proxy: number;
  readonly cmdb: number;
  readonly billing: number;
  readonly prediction: number;
  readonly prometheus: number;
  readonly alertmanager: number;
  readonly receiver: number;
  /** Of a Grafana that the user has. */
  readonly grafana: number;
  /** Where a browser sees the Grafana app. */
  readonly preview: number;
}

export async function choosePorts(options: UpOptions): Promise<Ports> {
  const training = await choosePort('training.port', options['training.port'], 9410);
  return {
    gpu: await choosePort('gpu.port', options['gpu.port'], 9400),
    training,
    trainingUdp: (await tryUdpPort(training)) ?? (await anyFreeUdpPort()),
    inference: await choosePort('inference.port', options['inference.port'], 9411),
    proxy: await choosePort('proxy.port', options['proxy.port'], 9421),
    cmdb: await choosePort('cmdb.port', options['cmdb.port'], 9412),
    billing: await choosePort('billing.port', options['billing.port'], 9413),
    prediction: await choosePort('prediction.port', options['prediction.port'], 9414),
    prometheus: await choosePort('prometheus.port', options['prometheus.port'], 9090),
    alertmanager: await choosePort('alertmanager.port', options['alertmanager.port'], 9093),
    receiver: await choosePort('receiver.port', options['receiver.port'], 9429),
    grafana: await choosePort('grafana.port', options['grafana.port'], 3000),
    preview: await choosePort('preview.port', options['preview.port'], 9430),
  };
}

/** The port that the user gave, which must be free, or else the usual one, or else any free one. */
async function choosePort(option: string, given: number | undefined, usual: number): Promise<number> {
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

async function anyFreeUdpPort(): Promise<number> {
  const port = await tryUdpPort(0);
  if (port === undefined) throw new ConfigError(`no port for datagrams can be opened on ${host}`);
  return port;
}

function tryUdpPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      const { port: bound } = socket.address();
      socket.close(() => resolve(bound));
    });
  });
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
