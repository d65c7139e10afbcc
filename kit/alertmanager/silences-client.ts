import { SourceError } from '../errors.ts';
import { readText, type ServerTrust, type TextAnswer } from '../http/send-request.ts';
import { readSecret } from '../server-fields.ts';
import type { Silence, SilenceMatcher, SilenceWish } from './silence.ts';

/** The part of Alertmanager's API v2 that deals with silences. Rejects with a SourceError. */
export interface AlertmanagerClient {
  readonly silences: (signal: AbortSignal) => Promise<readonly Silence[]>;
  /** With an id it replaces that one. */
  readonly post: (silence: SilenceWish & { readonly id?: string }, signal: AbortSignal) => Promise<void>;
  readonly expire: (id: string, signal: AbortSignal) => Promise<void>;
}

export interface AlertmanagerAddress {
  readonly url: URL;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
}

interface ClientDeps {
  readonly readFile: (path: string) => string;
}

const timeoutSeconds = 10;
const maxBytes = 32 * 1024 * 1024;

export function createAlertmanagerClient(config: AlertmanagerAddress, { readFile }: ClientDeps): AlertmanagerClient {
  async function ask(path: string, given: { method: 'GET' | 'POST' | 'DELETE'; body?: string; signal: AbortSignal }) {
    const { tokenFile, caFile, url } = config;
    const trust: ServerTrust = caFile === undefined ? {} : { ca: readFile(caFile) };
    const answer = await readText(
      {
        ...given,
        url: new URL(`${url.pathname.replace(/\/$/, '')}/api/v2/${path}`, url),
        headers: {
          ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(tokenFile === undefined ? {} : { authorization: `Bearer ${readSecret(tokenFile, readFile)}` }),
        },
        trust,
        timeoutSeconds,
      },
      maxBytes,
    );
    return answer;
  }

  return {
    silences: async (signal) => {
      const answer = checked(await ask('silences', { method: 'GET', signal }));
      return silencesIn(answer.body);
    },
    post: async (silence, signal) => {
      const { id, startsAt, endsAt, ...same } = silence;
      const times = { startsAt: rfc3339(startsAt), endsAt: rfc3339(endsAt) };
      const body = JSON.stringify({ ...same, ...times, ...(id === undefined ? {} : { id }) });
      const answer = await ask('silences', { method: 'POST', body, signal });
      // It is gone or was ended meanwhile; a new one does as well.
      if (answer.status === 404 && id !== undefined)
        checked(await ask('silences', { method: 'POST', body: JSON.stringify({ ...same, ...times }), signal }));
      else checked(answer);
    },
    expire: async (id, signal) => {
      const answer = await ask(`silence/${encodeURIComponent(id)}`, { method: 'DELETE', signal });
      // What is gone already is as it should be.
      if (answer.status !== 404) checked(answer);
    },
  };
}

function checked(answer: TextAnswer): TextAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const remedy = answer.status === 401 || answer.status === 403 ? '; see to alertmanager.token_file' : '';
  throw new SourceError(`Alertmanager answered ${answer.status}: ${answer.body.slice(0, 200).trim()}${remedy}`);
}

function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function silencesIn(text: string): readonly Silence[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new SourceError('Alertmanager: the answer is no JSON; is alertmanager.url right?', { cause });
  }
  if (!Array.isArray(parsed)) throw new SourceError('Alertmanager: the answer is no list of silences');
  return parsed.map(silenceOf).filter((silence) => silence !== undefined);
}

/** Undefined for what is no silence that we could have made. */
function silenceOf(given: unknown): Silence | undefined {
  const silence = given as Partial<Record<string, unknown>> | null;
  if (typeof silence !== 'object' || silence === null) return undefined;
  const { id, createdBy, comment, startsAt, endsAt, status, matchers } = silence;
  const { state } = (status ?? {}) as { readonly state?: unknown };
  const times = [startsAt, endsAt].map((time) => (typeof time === 'string' ? Date.parse(time) / 1000 : Number.NaN));
  const [start = Number.NaN, end = Number.NaN] = times;
  if (typeof id !== 'string' || typeof createdBy !== 'string' || typeof comment !== 'string') return undefined;
  if (!Number.isFinite(start) || !Number.isFinite(end) || !Array.isArray(matchers)) return undefined;
  if (state !== 'active' && state !== 'pending' && state !== 'expired') return undefined;
  return { id, createdBy, comment, startsAt: start, endsAt: end, state, matchers: matchers.map(matcherOf) };
}

function matcherOf(given: unknown): SilenceMatcher {
  const { name, value, isRegex, isEqual } = (given ?? {}) as Partial<Record<string, unknown>>;
  return { name: String(name), value: String(value), isRegex: isRegex === true, isEqual: isEqual !== false };
}
