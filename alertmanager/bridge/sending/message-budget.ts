import type { ChannelLimits } from '../channels/channel.ts';

export type MessageLimit = Pick<ChannelLimits, 'messages' | 'seconds'>;

/**
 * How many messages may be sent now so that no stretch of `seconds`, wherever it begins, holds more than the robot takes. Half of them may go at once, the
 * others flow in evenly: a bucket that starts full and refills to the whole limit would let through twice as many. One is kept back, for requests
 * that arrive closer together than they were sent; where the limit is one, it goes a little later instead.
 */
export interface MessageBudget {
  /** Whole messages that may go now. */
  readonly available: () => number;
  /** Seconds until so many may go; 0 if they may now. */
  readonly secondsUntil: (messages: number) => number;
  readonly spend: () => void;
  /** The robot said that it had too many. */
  readonly pause: (seconds: number) => void;
  /** Seconds until the pause is over. */
  readonly pausedFor: () => number;
  readonly setLimit: (limit: MessageLimit) => void;
  /** The most that ever may go at once. */
  readonly burst: () => number;
}

export function createMessageBudget(limit: MessageLimit, monotonic: () => number): MessageBudget {
  let rate = rateOf(limit);
  let tokens = rate.burst;
  let at = monotonic();
  let pausedUntil = Number.NEGATIVE_INFINITY;

  function refill(): void {
    const now = monotonic();
    tokens = Math.min(rate.burst, tokens + (now - at) * rate.perSecond);
    at = now;
  }

  const pausedFor = (): number => Math.max(0, pausedUntil - monotonic());

  return {
    available: () => {
      refill();
      return pausedFor() > 0 ? 0 : Math.floor(tokens + slack);
    },
    secondsUntil: (messages) => {
      refill();
      const missing = Math.min(messages, rate.burst) - tokens;
      return Math.max(pausedFor(), missing <= slack ? 0 : missing / rate.perSecond);
    },
    spend: () => {
      refill();
      tokens -= 1;
    },
    pause: (seconds) => {
      pausedUntil = Math.max(pausedUntil, monotonic() + seconds);
    },
    pausedFor,
    setLimit: (next) => {
      refill();
      rate = rateOf(next);
      tokens = Math.min(tokens, rate.burst);
    },
    burst: () => rate.burst,
  };
}

/** What adding up fractions loses. */
const slack = 1e-6;

function rateOf({ messages, seconds }: MessageLimit): { readonly burst: number; readonly perSecond: number } {
  const safe = Math.max(1, messages - 1);
  const burst = Math.max(1, Math.floor(safe / 2));
  const stretch = messages > 1 ? seconds : seconds * 1.05;
  return { burst, perSecond: Math.max(1, safe - burst) / stretch };
}
