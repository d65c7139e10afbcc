import { countOf } from '../dialects/dialect.ts';
import { success } from '../metering/request-end.ts';
import type { RequestMeter } from '../metering/request-meter.ts';
import type { Usage } from '../metering/usage.ts';
import { cancelled, endingOfError } from './http-ending.ts';

/** Tokens of one request. Leave out what is not known; it is not 0. */
export type TokenUsage = { readonly [K in keyof Usage]?: Usage[K] };

/** One request while it is worked on. Nothing here throws. Only the first of `end`, `fail` and `cancel` counts. */
export interface ServedRequest {
  /** The request has waited up to now and is worked on from here. */
  readonly working: () => void;
  /** A piece of a streamed answer goes out. */
  readonly piece: () => void;
  /** May come several times; the later counts. */
  readonly usage: (usage: TokenUsage) => void;
  /** Bytes of the body of the request. */
  readonly received: (bytes: number) => void;
  /** Bytes of the body of the answer. */
  readonly sent: (bytes: number) => void;
  readonly end: () => void;
  /** An error with a `status` from 400 to 499 is the client's; an AbortError is a cancel, a TimeoutError a timeout. */
  readonly fail: (error?: unknown) => void;
  /** The client went away. */
  readonly cancel: () => void;
}

export function servedRequest(meter: RequestMeter): ServedRequest {
  return {
    working: () => meter.handedOver(),
    piece: meter.piece,
    usage: (told) => meter.usage(cleanUsage(told)),
    received: (bytes) => meter.received(countOf(bytes) ?? 0),
    sent: (bytes) => meter.sent(countOf(bytes) ?? 0),
    end: () => void meter.end(success),
    fail: (error) => void meter.end(endingOfError(error)),
    cancel: () => void meter.end(cancelled),
  };
}

/** A count that is none, such as NaN, would spoil its counter for ever. */
export function cleanUsage({ input, generated, cached, reasoning }: TokenUsage): Usage {
  return {
    input: countOf(input),
    generated: countOf(generated),
    cached: countOf(cached),
    reasoning: countOf(reasoning),
  };
}
