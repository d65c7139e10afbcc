import type { Express, RequestHandler } from 'express';
import type { Clock } from '../../../kit/clock.ts';
import type { PushAnswer } from '../decoders/push/protocol.ts';
import { pushPath } from '../decoders/push/protocol.ts';
import { PushError } from '../decoders/push/push-error.ts';
import { pushIdentity } from '../decoders/push/push-identity.ts';
import { type PushMessage, parsePush } from '../decoders/push/push-message.ts';
import { tellMessage } from '../decoders/push/tell-message.ts';
import type { Journal } from '../journal.ts';
import type { TagMap } from '../schema/tag-map.ts';
import type { SourceLedger } from '../source-ledger.ts';
import { readPushBody } from './push-body.ts';

export interface PushDeps {
  readonly journal: Journal;
  readonly ledger: SourceLedger;
  /** Lets those pass who may push. */
  readonly guard: RequestHandler;
  readonly tags: TagMap;
  readonly clock: Clock;
  /** Pushes taken in at once. A sender may take its time with each, and scrapes need room beside them. */
  readonly maxAtOnce: number;
}

/** Names of an answer; a sender that gets them wrong gets all of them wrong. */
const mostUnknownNames = 20;
const retryAfterSeconds = 30;

/** Adds POST /api/v1/push. */
export function pushRoutes(deps: PushDeps): (app: Express) => void {
  const { guard, ledger, clock, maxAtOnce } = deps;

  const push: RequestHandler = async (request, response) => {
    const body = await readPushBody(request);
    if ('status' in body) {
      if (body.status === 413) ledger.problem('push', 'too_long');
      else ledger.problem('push', 'bad_record');
      response.set('Connection', 'close').status(body.status).type('text/plain').send(`${body.reason}\n`);
      return;
    }
    ledger.bytes('push', body.bytes);
    let message: PushMessage;
    try {
      message = parsePush(body.text, clock.now());
    } catch (error) {
      if (!(error instanceof PushError)) throw error;
      ledger.problem('push', 'bad_record');
      response.status(400).type('text/plain').send(`${error.message}\n`);
      return;
    }
    const answer = tell(message, deps);
    if (answer !== undefined) {
      response.json(answer);
      return;
    }
    response.set('Retry-After', `${retryAfterSeconds}`).status(503).type('text/plain');
    response.send('the limit of runs is reached; raise --runs.max\n');
  };

  return (app) => void app.post(pushPath, countRefused(ledger), guard, atMost(maxAtOnce), push);
}

/** Undefined where the limit of runs is reached. */
function tell(message: PushMessage, { journal, ledger, tags, clock }: PushDeps): PushAnswer | undefined {
  const identity = pushIdentity(message.origin);
  const stream = journal.openStream(identity, 'push', identity.key);
  if (stream === undefined) return undefined;
  const unknown = new Set<string>();
  const onUnknown = (name: string): void => {
    ledger.problem('push', 'bad_record');
    if (unknown.size < mostUnknownNames) unknown.add(name);
  };
  tellMessage(message, { stream, tags, onUnknown });
  ledger.records('push', message.records.length);
  stream.settle(clock.now());
  return { accepted: message.records.length, unknown: [...unknown] };
}

function atMost(most: number): RequestHandler {
  let running = 0;
  return (_request, response, next) => {
    if (running >= most) {
      response.set('Connection', 'close').set('Retry-After', '1').status(503).type('text/plain');
      response.send(`more than ${most} pushes at once; send it again later\n`);
      return;
    }
    running++;
    response.once('close', () => {
      running--;
    });
    next();
  };
}

/** The guard answers by itself, so what it refuses is seen by the status. */
function countRefused(ledger: SourceLedger): RequestHandler {
  return (_request, response, next) => {
    response.once('finish', () => {
      if (response.statusCode === 401 || response.statusCode === 403) ledger.problem('push', 'unauthorized');
    });
    next();
  };
}
