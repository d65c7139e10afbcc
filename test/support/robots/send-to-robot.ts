import { randomUUID } from 'node:crypto';
import type { ChannelKind, RenderContext, Verdict } from '../../../alertmanager/bridge/channels/channel.ts';
import type { Message } from '../../../alertmanager/bridge/message.ts';

export interface Sending {
  readonly message: Message;
  /** Settings as a site writes them. */
  readonly settings: object;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly nowMs?: number;
  /** Where the fake is; requests to the maker's own host go there. */
  readonly to?: string;
}

/** Renders, sends and judges as the bridge does, without its limits and retries. One verdict for each request. */
export async function sendToRobot(
  kind: ChannelKind<unknown>,
  { message, settings, secrets = {}, nowMs = Date.now(), to }: Sending,
): Promise<readonly Verdict[]> {
  const parsed = kind.parse(settings, 'robot');
  const verdicts: Verdict[] = [];
  for (const { url, method, headers, body } of kind.render(message, parsed, contextOf(secrets, nowMs, randomUUID()))) {
    const target = to === undefined ? url : new URL(`${url.pathname}${url.search}`, to);
    const response = await fetch(target, {
      method,
      headers: { ...headers, 'x-forwarded-host': url.host },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
    verdicts.push(kind.judge(answer, parsed));
  }
  return verdicts;
}

export function contextOf(secrets: Readonly<Record<string, string>>, nowMs = 0, nonce = 'n0nce'): RenderContext {
  return {
    nowMs,
    nonce,
    secret(path) {
      const found = secrets[path];
      if (found === undefined) throw new Error(`the test has no secret ${path}`);
      return found;
    },
  };
}
