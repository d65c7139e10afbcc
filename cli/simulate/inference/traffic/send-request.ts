import { type Agent, type IncomingMessage, request as startRequest } from 'node:http';
import { timer } from '../../../../kit/timer.ts';
import { goesAfterHeader } from '../engine/goes-after.ts';
import { createPieceCounter } from './piece-counter.ts';
import type { ClientRequest } from './request-body.ts';

/**
 * What a client saw: the whole answer, one that it left as planned, a limit (429), another error, or nothing in time. `failed` is what must not
 * happen: an answer that breaks off, an error of the proxy.
 */
export type ClientOutcome = 'answered' | 'left' | 'limited' | 'client_error' | 'gave_up' | 'failed';

export interface SentRequest extends ClientRequest {
  readonly url: string;
  readonly apiKey: string;
  readonly goesAfterTokens: number | undefined;
  /** How long the client waits for the first piece of the answer. */
  readonly patienceSeconds: number;
}

interface Client {
  readonly agent: Agent;
  /** The simulation is over. */
  readonly signal: AbortSignal;
}

export function sendRequest(sent: SentRequest, { agent, signal }: Client): Promise<ClientOutcome> {
  return new Promise((resolve) => {
    const patience = timer();
    const outgoing = startRequest(`${sent.url}${sent.path}`, {
      method: 'POST',
      agent,
      headers: headersOf(sent),
      signal,
    });

    function settle(outcome: ClientOutcome): void {
      patience.clear();
      resolve(outcome);
    }

    function goAway(outcome: ClientOutcome): void {
      settle(outcome);
      outgoing.destroy();
    }

    function read(answer: IncomingMessage): void {
      const pieces = createPieceCounter();
      answer.on('data', (bytes: Buffer) => {
        patience.clear();
        if (sent.goesAfterTokens === undefined || answer.statusCode !== 200) return;
        if (pieces.push(bytes) >= sent.goesAfterTokens) goAway('left');
      });
      answer.once('end', () => settle(outcomeOf(answer.statusCode ?? 500)));
      answer.once('error', () => settle('failed'));
    }

    patience.set(sent.patienceSeconds, () => goAway('gave_up'));
    outgoing.once('response', read);
    outgoing.once('error', () => settle('failed'));
    outgoing.end(sent.body);
  });
}

function headersOf({ apiKey, body, goesAfterTokens }: SentRequest): Record<string, string> {
  return {
    Authorization: `Bearer ${apiKey}`,
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...(goesAfterTokens === undefined ? {} : { [goesAfterHeader]: String(goesAfterTokens) }),
  };
}

function outcomeOf(status: number): ClientOutcome {
  if (status < 300) return 'answered';
  if (status === 429) return 'limited';
  return status < 500 ? 'client_error' : 'failed';
}
