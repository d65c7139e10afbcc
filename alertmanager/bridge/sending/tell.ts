import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { ChannelAnswer, ChannelRequest, RenderContext, Verdict } from '../channels/channel.ts';
import type { Message } from '../message.ts';
import type { Told } from './robot.ts';

/** A kind of channel with its settings, whichever kind it is. */
export interface OpenedChannel {
  readonly name: string;
  readonly limits: { readonly bodyBytes: number; readonly messages: number; readonly seconds: number };
  readonly secretFiles: readonly string[];
  readonly render: (message: Message, context: RenderContext) => readonly ChannelRequest[];
  readonly judge: (answer: ChannelAnswer) => Verdict;
}

export type RequestOutcome = Verdict['outcome'] | 'unreachable';

export interface TellDeps {
  readonly secret: RenderContext['secret'];
  readonly nonce: () => string;
  readonly nowMs: () => number;
  /** Rejects with a SourceError if there is no answer, which may name the address: it is not repeated. */
  readonly post: (request: ChannelRequest) => Promise<ChannelAnswer>;
  readonly onRequest: (outcome: RequestOutcome) => void;
  /** Our clock is behind by so many milliseconds; from then on they are added. */
  readonly clockSkewMs: { get: () => number; set: (ms: number) => void };
}

type Refusal = Exclude<Verdict, { outcome: 'delivered' }>;

/** How many requests of a message the robot has, so that the next attempt goes on behind them. */
export interface TakenRequests {
  readonly get: () => number;
  readonly set: (requests: number) => void;
}

/**
 * Sends the requests of one message in their order, from the first that the robot does not have. A signature that the robot finds too old or new is made again
 * once, by the robot's clock; if it finds that one wrong too, the key is wrong and it will never take it.
 */
export async function tellChannel(
  channel: OpenedChannel,
  message: Message,
  { turn, deps, taken = takenOnce() }: { turn: () => Promise<void>; deps: TellDeps; taken?: TakenRequests },
): Promise<Told> {
  const rest = (): Promise<Refusal | undefined> => sendRest(channel, message, { turn, deps, taken });
  try {
    const first = await rest();
    if (first === undefined) return { outcome: 'delivered' };
    if (first.outcome !== 'skewed') return first;
    const { serverTimeMs, reason } = first;
    if (serverTimeMs === undefined) return { outcome: 'failed', reason: `${reason}; set the clock of this machine` };
    deps.clockSkewMs.set(serverTimeMs - deps.nowMs());
    const second = await rest();
    if (second?.outcome === 'skewed') return { outcome: 'refused', reason: second.reason };
    return second ?? { outcome: 'delivered' };
  } catch (error) {
    if (error instanceof SourceError) return { outcome: 'failed', reason: error.message };
    return { outcome: 'refused', reason: `the message cannot be written for ${channel.name}: ${reasonOf(error)}` };
  }
}

function takenOnce(): TakenRequests {
  let taken = 0;
  return {
    get: () => taken,
    set: (requests) => {
      taken = requests;
    },
  };
}

/** Undefined if the robot took all of them. */
async function sendRest(
  { render, judge }: OpenedChannel,
  message: Message,
  { turn, deps, taken }: { turn: () => Promise<void>; deps: TellDeps; taken: TakenRequests },
): Promise<Refusal | undefined> {
  const renderNow = (): readonly ChannelRequest[] => {
    const { secret, nonce, nowMs, clockSkewMs } = deps;
    return render(message, { secret, nonce: nonce(), nowMs: nowMs() + clockSkewMs.get() });
  };
  const count = renderNow().length;
  for (let index = taken.get(); index < count; index++) {
    await turn();
    // Signed only now: waiting for the turn may have taken longer than a signature lasts.
    const request = renderNow()[index];
    if (request === undefined) return undefined;
    const verdict = await sendOne(request, judge, deps);
    if (verdict.outcome !== 'delivered') return verdict;
    taken.set(index + 1);
  }
  return undefined;
}

async function sendOne(request: ChannelRequest, judge: OpenedChannel['judge'], deps: TellDeps): Promise<Verdict> {
  let answer: ChannelAnswer;
  try {
    answer = await deps.post(request);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    deps.onRequest('unreachable');
    throw error;
  }
  const verdict = judge(answer);
  deps.onRequest(verdict.outcome);
  return verdict;
}
