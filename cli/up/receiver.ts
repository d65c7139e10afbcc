import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { packageRoot } from '../../kit/package-root.ts';

const maxBodyBytes = 1024 * 1024;

/** One alert as Alertmanager's webhook tells it. */
export interface ReceivedAlert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly fingerprint: string;
}

export interface Receiver {
  readonly stop: () => Promise<void>;
}

/**
 * The person at the other end: takes webhooks of Alertmanager at any POST path, and serves the runbook pages that the alerts link to.
 * Listens on loopback only.
 */
export async function startReceiver(
  port: number,
  onAlerts: (alerts: readonly ReceivedAlert[]) => void,
): Promise<Receiver> {
  const server = createServer((request, response) => {
    void answer(request, response, onAlerts).catch(() => respond(response, 400, 'not a webhook of Alertmanager\n'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  onAlerts: (alerts: readonly ReceivedAlert[]) => void,
): Promise<void> {
  if (request.method === 'POST') {
    onAlerts(parseWebhook(await readBody(request)));
    respond(response, 200, 'ok\n');
    return;
  }
  const runbook = /^\/runbooks\/([A-Za-z0-9]+\.md)$/.exec(request.url ?? '')?.[1];
  const page = runbook === undefined ? undefined : readRunbook(runbook);
  respond(
    response,
    page === undefined ? 404 : 200,
    page ?? 'this address takes the webhooks of Alertmanager and serves /runbooks/\n',
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseWebhook(body: string): readonly ReceivedAlert[] {
  const payload: unknown = JSON.parse(body);
  if (typeof payload !== 'object' || payload === null || !('alerts' in payload) || !Array.isArray(payload.alerts)) {
    throw new Error('no alerts in the body');
  }
  return payload.alerts as readonly ReceivedAlert[];
}

function readRunbook(name: string): string | undefined {
  try {
    return readFileSync(join(packageRoot, 'docs', 'runbooks', name), 'utf8');
  } catch {
    return undefined;
  }
}

function respond(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}
