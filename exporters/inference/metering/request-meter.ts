import type { Clock } from '../../../kit/clock.ts';
import type { EndedRequest, Ending } from './request-end.ts';
import type { NewRequest, TokenCounts } from './serving-metrics.ts';
import { mergeUsage, noUsage, type Usage } from './usage.ts';

export type UsageMissing = 'cut' | 'absent' | 'too_large';

/** Measures one request, from its headers to the last byte of its answer. */
export interface RequestMeter {
  /** It is handed to somebody who works on it. The time counts once, also if it is handed on again. */
  readonly handedOver: (serverKind?: string) => void;
  /** A piece of a streamed answer has come. */
  readonly piece: () => void;
  readonly usage: (usage: Usage) => void;
  /** The answer has tokens that will not be known, for it is too long to be read. */
  readonly usageTooLarge: () => void;
  /** The answer is one of an endpoint that has tokens, so that an answer without usage is one that is missing. */
  readonly expectUsage: () => void;
  readonly received: (bytes: number) => void;
  readonly sent: (bytes: number) => void;
  /** Only the first ending counts. Returns how many tokens the request used, as far as they are known. */
  readonly end: (ending: Ending) => number;
}

interface Sink {
  readonly betweenPieces: (seconds: number) => void;
  readonly bytes: (received: number, sent: number) => void;
  readonly ended: (request: EndedRequest, counts: TokenCounts, missing: UsageMissing | undefined) => void;
}

export function createRequestMeter(
  { labels, operation, startedAt, traceId, clock }: NewRequest & { readonly clock: Clock },
  sink: Sink,
): RequestMeter {
  let handedOverAt: number | undefined;
  let serverKind: string | undefined;
  let firstPieceAt: number | undefined;
  let lastPieceAt = 0;
  let pieces = 0;
  let usage: Usage | undefined;
  let isTooLarge = false;
  let isExpected = false;
  let hasEnded = false;
  let receivedBytes = 0;
  let sentBytes = 0;

  /** Where the server told no count, each piece is at least one token. */
  function completed(): Usage | undefined {
    if (pieces === 0 || usage?.generated !== undefined) return usage;
    return { ...(usage ?? noUsage), generated: pieces };
  }

  function missing(ending: Ending): UsageMissing | undefined {
    if (!isExpected || usage !== undefined) return undefined;
    if (isTooLarge) return 'too_large';
    if (ending.status === 'success') return 'absent';
    return pieces > 0 ? 'cut' : undefined;
  }

  function perToken({ generated }: Usage): number | undefined {
    if (firstPieceAt === undefined || generated === undefined || generated < 2 || pieces < 2) return undefined;
    return (lastPieceAt - firstPieceAt) / (generated - 1);
  }

  /** Seconds from the headers to then. */
  function since(at: number | undefined): number | undefined {
    return at === undefined ? undefined : at - startedAt;
  }

  function end(ending: Ending): number {
    if (hasEnded) return 0;
    hasEnded = true;
    const known = completed() ?? noUsage;
    const { input = 0, generated = 0, cached = 0, reasoning = 0 } = known;
    sink.bytes(receivedBytes, sentBytes);
    sink.ended(
      {
        ...ending,
        labels,
        operation,
        traceId,
        seconds: clock.monotonic() - startedAt,
        queueSeconds: since(handedOverAt),
        firstTokenSeconds: since(firstPieceAt),
        secondsPerOutputToken: perToken(known),
        usage: known,
        isEstimated: pieces > 0 && usage?.generated === undefined,
        serverKind,
      },
      { input, generated, cached, reasoning, estimated: usage?.generated === undefined ? pieces : 0 },
      missing(ending),
    );
    return input + generated;
  }

  return {
    handedOver: (kind) => {
      serverKind = kind;
      handedOverAt ??= clock.monotonic();
    },
    piece: () => {
      const now = clock.monotonic();
      if (firstPieceAt === undefined) firstPieceAt = now;
      else sink.betweenPieces(now - lastPieceAt);
      lastPieceAt = now;
      pieces++;
    },
    usage: (told) => {
      usage = mergeUsage(usage, told);
    },
    usageTooLarge: () => {
      isTooLarge = true;
    },
    expectUsage: () => {
      isExpected = true;
    },
    received: (bytes) => {
      receivedBytes += bytes;
    },
    sent: (bytes) => {
      sentBytes += bytes;
    },
    end,
  };
}
