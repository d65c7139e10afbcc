import type { ChannelAnswer, Verdict } from '../channels/channel.ts';
import { shortened } from '../letter/clean-text.ts';

const reasonBytes = 300;
const longestWaitSeconds = 3600;

export const delivered: Verdict = { outcome: 'delivered' };

export function refusedFor(reason: string): Verdict {
  return { outcome: 'refused', reason: shortened(reason, reasonBytes) };
}

/** Refused for what stands in this message: one about other alerts may be taken. */
export function refusedForContent(reason: string): Verdict {
  return { outcome: 'refused', reason: shortened(reason, reasonBytes), forContent: true };
}

export function failedFor(reason: string): Verdict {
  return { outcome: 'failed', reason: shortened(reason, reasonBytes) };
}

export function limitedFor(retryAfterSeconds: number, reason: string): Verdict {
  return { outcome: 'limited', retryAfterSeconds, reason: shortened(reason, reasonBytes) };
}

export function skewedBy(answer: ChannelAnswer, reason: string): Verdict {
  return { outcome: 'skewed', serverTimeMs: serverTimeMs(answer), reason: shortened(reason, reasonBytes) };
}

/** The time of the server from its Date header, to a second. */
function serverTimeMs({ headers }: ChannelAnswer): number | undefined {
  const ms = Date.parse(headerOf(headers, 'date') ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

export function headerOf(headers: ChannelAnswer['headers'], name: string): string | undefined {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : found?.[0];
}

/** Seconds of a Retry-After header, which may be a time as well (RFC 9110, 10.2.3), compared with the Date header. */
export function retryAfterSeconds({ headers }: ChannelAnswer, otherwise: number): number {
  const text = headerOf(headers, 'retry-after')?.trim() ?? '';
  const until = Date.parse(text) - Date.parse(headerOf(headers, 'date') ?? '');
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil(until / 1000);
  return Number.isNaN(seconds) ? otherwise : Math.min(Math.max(seconds, 1), longestWaitSeconds);
}

/** What the status says by itself; undefined for 2xx, where the body decides. */
export function verdictOfStatus(answer: ChannelAnswer, waitSeconds = 60): Verdict | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const reason = `answered ${status}${said(answer)}`;
  if (status === 429) return limitedFor(retryAfterSeconds(answer, waitSeconds), reason);
  if (status >= 500 || status === 408 || status === 425) return failedFor(reason);
  const refused = aboutBody.has(status) ? refusedForContent : refusedFor;
  return refused(`${reason}; check the URL and what the receiver allows`);
}

/** Bad request, content too large, unprocessable content. */
const aboutBody: ReadonlySet<number> = new Set([400, 413, 422]);

function said({ body }: ChannelAnswer): string {
  const words = shortened(body.replaceAll(/<(script|style)[\s\S]*?<\/\1>|<[^>]*>/gi, ' '), 120);
  return words === '' ? '' : ` and said: ${words}`;
}

/** The answer of a maker who always answers JSON; a verdict where it is none, as from a proxy's page. */
export function jsonOf(
  answer: ChannelAnswer,
): { readonly json: Readonly<Record<string, unknown>> } | { readonly verdict: Verdict } {
  const json = objectOf(answer.body);
  if (json !== undefined) return { json };
  return {
    verdict:
      verdictOfStatus(answer) ??
      failedFor(
        `answered ${answer.status} without the JSON that it documents${said(answer)}; is there a proxy in between?`,
      ),
  };
}

export function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A code of a maker, whether it came as a number or as text. */
export function codeOf(value: unknown): number | undefined {
  const code = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof code === 'number' && Number.isInteger(code) ? code : undefined;
}

export function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
