import { pushPath } from '../decoders/push/protocol.ts';
import type { Batch, PushQueue } from './push-queue.ts';

export interface PushSenderSettings {
  /** Of the exporter, such as http://127.0.0.1:9410. */
  readonly url: string;
  /** Asked for each message, so that the token can be replaced; may throw. */
  readonly token?: (() => string | undefined) | undefined;
  readonly fetch: typeof fetch;
  readonly queue: PushQueue;
  /** Called once for each kind of trouble, and again only after it was over. */
  readonly onTrouble: (text: string) => void;
  /** Ends what is under way, for good. */
  readonly signal: AbortSignal;
  readonly requestSeconds?: number;
}

export interface PushSender {
  /** Sends all that is queued, until the exporter cannot be reached. False then. Never rejects. */
  readonly flush: () => Promise<boolean>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const defaultRequestSeconds = 5;
/** Names that the exporter does not know are told once each, and no more of them than that. */
const mostNamed = 100;
/** Request Timeout and Too Many Requests: the same may be taken later. */
const passing = [408, 429];
/** The place of a fault as the exporter names it. */
const faultyRecord = /^records\[(\d+)\]/;

export function createPushSender(settings: PushSenderSettings): PushSender {
  const { queue, onTrouble } = settings;
  const requestSeconds = settings.requestSeconds ?? defaultRequestSeconds;
  const named = new Set<string>();
  let trouble: string | undefined;
  let flushing: Promise<boolean> | undefined;

  function tellOnce(kind: string | undefined, text: string): void {
    if (kind !== undefined && kind !== trouble) onTrouble(text);
    trouble = kind;
  }

  /** Own controllers and timers instead of AbortSignal.any and timeout, which Node 20 may collect before they fire. */
  async function send(body: string): Promise<Answer> {
    const { signal } = settings;
    if (signal.aborted) throw new Error('it does not answer in time');
    const deadline = new AbortController();
    const abort = (): void => deadline.abort(new Error('it does not answer in time'));
    const timer = setTimeout(abort, requestSeconds * 1000);
    signal.addEventListener('abort', abort);
    try {
      return await exchange(body, deadline.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  async function exchange(body: string, signal: AbortSignal): Promise<Answer> {
    const token = settings.token?.();
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await settings.fetch(new URL(pushPath, settings.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body,
      signal,
    });
    const { status } = response;
    const text = await response.text();
    if (status >= 500 || passing.includes(status)) throw new Error(`it answers with status ${status}: ${text.trim()}`);
    return { status, text };
  }

  async function sendBatch({ body, records }: Batch): Promise<boolean> {
    try {
      const answer = await send(body);
      if (answer.status === 200) taken(answer.text);
      else refused(answer, records);
      return true;
    } catch (error) {
      queue.putBack(records);
      tellOnce('away', `nothing can be pushed to ${settings.url}, which is tried again: ${rootCause(error)}`);
      return false;
    }
  }

  function taken(text: string): void {
    tellOnce(undefined, '');
    tellUnknown(text);
  }

  function refused({ status, text }: Answer, records: readonly string[]): void {
    tellOnce(`refused ${status}`, `the exporter refuses what is pushed: ${text.trim() || `status ${status}`}`);
    const index = Number(status === 400 ? faultyRecord.exec(text)?.[1] : Number.NaN);
    // One bad record does not take the others with it.
    const others = index < records.length ? records.toSpliced(index, 1) : [];
    queue.putBack(others);
    queue.leaveOut(records.length - others.length);
  }

  function tellUnknown(text: string): void {
    const fresh = unknownNames(text).filter((name) => !named.has(name));
    if (fresh.length === 0 || named.size >= mostNamed) return;
    for (const name of fresh) named.add(name);
    onTrouble(`the exporter does not show these, because the mapping does not allow them: ${fresh.join(', ')}`);
  }

  async function flushAll(): Promise<boolean> {
    for (let batch = queue.take(); batch !== undefined; batch = queue.take()) {
      if (!(await sendBatch(batch))) return false;
    }
    return true;
  }

  return {
    flush: () => {
      flushing ??= flushAll().finally(() => {
        flushing = undefined;
      });
      return flushing;
    },
  };
}

function unknownNames(text: string): readonly string[] {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('unknown' in answer)) return [];
    return Array.isArray(answer.unknown) ? answer.unknown.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

/** fetch hides the reason ("connect ECONNREFUSED …") in the cause of "fetch failed"; a host with two addresses has a list of them. */
function rootCause(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('cause' in error && error.cause !== undefined) return rootCause(error.cause);
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) return rootCause(error.errors[0]);
  return 'message' in error ? String(error.message) : String(error);
}
