import { createServer, type IncomingMessage } from 'node:http';
import { eventually } from './eventually.ts';

/** One message as it came in. */
export interface Delivery {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface AlertReceiver {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  /** The first message that fits, when it has come. */
  readonly delivery: (what: string, fits?: (delivery: Delivery) => boolean) => Promise<Delivery>;
  readonly stop: () => Promise<void>;
}

/** A server on loopback that takes JSON on every path, as webhooks and Slack do, and keeps it. */
export async function startAlertReceiver(): Promise<AlertReceiver> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    void readDelivery(request).then((delivery) => {
      deliveries.push(delivery);
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for a loopback server');
  return {
    url: `http://127.0.0.1:${address.port}`,
    deliveries,
    delivery: (what, fits = () => true) => eventually(what, () => deliveries.find(fits)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readDelivery(request: IncomingMessage): Promise<Delivery> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return {
    path: request.url ?? '/',
    authorization: request.headers.authorization,
    body: JSON.parse(text) as Delivery['body'],
  };
}
