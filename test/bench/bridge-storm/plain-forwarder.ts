import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';

/**
 * What a site has without the bridge: each webhook of Alertmanager is one message of the robot, and what the robot refuses is answered with 400, as
 * prometheus-webhook-dingtalk does it (web/dingtalk/api.go). Alertmanager does not repeat that before its next group interval.
 * Arguments: the webhook of the robot and its secret. Prints where it listens.
 */
const [webhook = '', secret = ''] = process.argv.slice(2);

interface WebhookMessage {
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly { readonly annotations: Readonly<Record<string, string>> }[];
}

const server = createServer((request, response) => {
  void forward(request).then(
    (isTaken) => response.writeHead(isTaken ? 200 : 400).end(isTaken ? 'OK' : 'Unable to talk to DingTalk'),
    () => response.writeHead(400).end('Bad Request'),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(`http://127.0.0.1:${address.port}`);
});

async function forward(request: IncomingMessage): Promise<boolean> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  const { groupLabels, alerts }: WebhookMessage = JSON.parse(text);
  const title = `[FIRING:${alerts.length}] ${Object.values(groupLabels).join(' ')}`;
  const lines = alerts.map(({ annotations }) => `> ${annotations['summary']} ${annotations['description']}`);
  const url = new URL(webhook);
  const timestamp = String(Date.now());
  url.searchParams.set('timestamp', timestamp);
  url.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'));
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ msgtype: 'markdown', markdown: { title, text: [`### ${title}`, ...lines].join('\n\n') } }),
  });
  const { errcode } = (await answer.json()) as { readonly errcode: number };
  return errcode === 0;
}
