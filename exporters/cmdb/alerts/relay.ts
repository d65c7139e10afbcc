import { errnoOf, reasonOf } from '../../../kit/errors.ts';
import { readText } from '../../../kit/http/send-request.ts';
import type { Log } from '../../../kit/log.ts';
import { readSecret } from '../../../kit/server-fields.ts';
import type { AlertContexts } from './alert-contexts.ts';
import type { RelayConfig } from './read-relays.ts';
import { type WebhookMessage, withContext } from './webhook-message.ts';

/** Passes messages of Alertmanager on, with what the inventory knows of their alerts. */
export interface AlertRelay {
  /** Undefined if no relay of that name is configured. */
  readonly send: (name: string, message: WebhookMessage, signal: AbortSignal) => Promise<RelayOutcome | undefined>;
  readonly setRelays: (relays: readonly RelayConfig[]) => void;
}

export interface RelayOutcome {
  /** What Alertmanager is answered: it tries again for 500 and above. */
  readonly status: number;
  /** Why it was not taken; undefined if it was. */
  readonly reason: string | undefined;
  readonly isEnriched: boolean;
}

export interface AlertRelayDeps {
  readonly contexts: AlertContexts;
  readonly externalUrl: string | undefined;
  readonly readFile: (path: string) => string;
  readonly log: Log;
}

/** What is known after this is sent. */
const enrichSeconds = 2;
/** Alertmanager gives up on a message after its group interval at the latest; most receivers answer at once. */
const sendSeconds = 10;
const maxAnswerBytes = 64 * 1024;

export function createAlertRelay(relays: readonly RelayConfig[], deps: AlertRelayDeps): AlertRelay {
  const { contexts, externalUrl, readFile, log } = deps;
  let byName = new Map(relays.map((relay) => [relay.name, relay]));

  async function enrich(message: WebhookMessage): Promise<WebhookMessage | undefined> {
    try {
      const found = await within(enrichSeconds, contexts.of(message.alerts));
      return found === undefined ? undefined : withContext(message, found, externalUrl);
    } catch (error) {
      log.warn('an alert is passed on as it came', { reason: reasonOf(error) });
      return undefined;
    }
  }

  async function post(relay: RelayConfig, message: WebhookMessage, signal: AbortSignal): Promise<number> {
    const { tokenFile } = relay;
    const token = tokenFile === undefined ? undefined : readSecret(tokenFile, readFile);
    const url = relay.urlFile === undefined ? relay.url : new URL(readSecret(relay.urlFile, readFile));
    if (url === undefined) throw new Error('it has no address');
    const { status } = await readText(
      {
        url,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(message),
        timeoutSeconds: sendSeconds,
        signal,
      },
      maxAnswerBytes,
    );
    return status;
  }

  return {
    send: async (name, message, signal) => {
      const relay = byName.get(name);
      if (relay === undefined) return undefined;
      const enriched = await enrich(message);
      const isEnriched = enriched !== undefined;
      try {
        const status = await post(relay, enriched ?? message, signal);
        if (status >= 200 && status < 300) return { status: 200, reason: undefined, isEnriched };
        const reason = `the receiver ${name} answered ${status}`;
        log.warn('an alert was not taken', { relay: name, status });
        return { status: passedOn(status), reason, isEnriched };
      } catch (error) {
        // The address may be a secret, as those of chat webhooks are, so the message of the client is not repeated.
        const reason = whyNot(error);
        log.warn('an alert cannot be passed on', { relay: name, reason });
        return { status: 502, reason: `the receiver ${name} cannot be reached: ${reason}`, isEnriched };
      }
    },
    setRelays: (next) => {
      byName = new Map(next.map((relay) => [relay.name, relay]));
    },
  };
}

/** Alertmanager drops a message for 4xx, which is right where it will never be taken, and wrong where it was only too early. */
function passedOn(status: number): number {
  if (status === 408 || status === 429) return 503;
  return status >= 400 && status < 500 ? status : 502;
}

function whyNot(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  const code = errnoOf(cause) ?? errnoOf(error);
  if (code !== undefined) return code;
  const text = reasonOf(error);
  if (/no answer within/.test(text)) return `no answer within ${sendSeconds} s`;
  return /^the file /.test(text) ? text : 'the connection failed';
}

/** Undefined if it takes longer. */
async function within<T>(seconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), seconds * 1000);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}
