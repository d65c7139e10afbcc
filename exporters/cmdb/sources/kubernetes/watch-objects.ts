import type { IncomingMessage } from 'node:http';
import { SourceError } from '../../../../kit/errors.ts';
import { timer } from '../../../../kit/timer.ts';
import { fieldsIn, ownField, textIn } from '../json-value.ts';
import type { ApiClient } from './api-client.ts';
import type { ResourceName } from './api-resources.ts';
import { selectorOf } from './list-objects.ts';

/** What a watch tells. */
export interface WatchListener {
  /** The connection stands; from here on what happens is heard. */
  readonly onOpen: () => void;
  readonly onChange: (object: unknown) => void;
  readonly onGone: (object: unknown) => void;
  /** Up to which revision all is told; a later watch goes on from there. Called after each event. */
  readonly onRevision: (resourceVersion: string) => void;
}

interface WatchRequest {
  readonly resource: ResourceName;
  readonly resourceVersion: string;
  /** The server ends the watch by then. */
  readonly lengthSeconds: number;
  /** A watch that tells nothing for so long, not even a bookmark, is taken for dead. */
  readonly silenceSeconds: number;
  readonly signal: AbortSignal;
}

/** An object has at most 1.5 MB in etcd; as JSON it is larger. */
const maxLineCharacters = 16 * 1024 * 1024;

/** Listens until the watch ends. `expired` if what has happened since is forgotten, so that only a list helps. Rejects if the connection fails. */
export async function watchObjects(
  client: ApiClient,
  request: WatchRequest,
  listener: WatchListener,
): Promise<'ended' | 'expired'> {
  const { resource, resourceVersion, lengthSeconds, silenceSeconds, signal } = request;
  const query = {
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(Math.round(lengthSeconds)),
    ...selectorOf(resource),
  };
  const answer = await client.openWatch(resource, query, signal);
  const silence = timer();
  const heard = (): void =>
    silence.set(silenceSeconds, () =>
      answer.destroy(new SourceError(`the watch of ${resource} was silent for ${silenceSeconds} s`)),
    );
  listener.onOpen();
  heard();
  try {
    for await (const line of linesOf(answer)) {
      heard();
      if (tell(resource, line, listener) === 'expired') return 'expired';
    }
    return 'ended';
  } finally {
    silence.clear();
    answer.destroy();
  }
}

async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of answer.setEncoding('utf8')) {
    const [first = '', ...others] = String(chunk).split('\n');
    begun.push(first);
    length += first.length;
    if (length > maxLineCharacters) throw new SourceError(`an event is longer than ${maxLineCharacters} characters`);
    const last = others.pop();
    if (last === undefined) continue;
    yield* [begun.join(''), ...others].filter((line) => line.trim() !== '');
    begun = [last];
    length = last.length;
  }
}

function tell(resource: ResourceName, line: string, listener: WatchListener): 'expired' | undefined {
  const event = fieldsIn(parsed(resource, line));
  const { type, object } = event;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      listener.onChange(object);
      break;
    case 'DELETED':
      listener.onGone(object);
      break;
    case 'BOOKMARK':
      break;
    case 'ERROR':
      if (ownField(object, 'code') === 410) return 'expired';
      throw new SourceError(`the watch of ${resource} failed: ${textIn(object, 'message') ?? 'no reason given'}`);
    default:
      throw new SourceError(`the watch of ${resource} told something that is no event`);
  }
  const resourceVersion = textIn(object, 'metadata', 'resourceVersion');
  if (resourceVersion !== undefined) listener.onRevision(resourceVersion);
  return undefined;
}

function parsed(resource: ResourceName, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new SourceError(`the watch of ${resource} told something that is no JSON`);
  }
}
