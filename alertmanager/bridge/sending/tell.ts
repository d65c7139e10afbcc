import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { ChannelAnswer, ChannelRequest, RenderContext, Verdict } from '../channels/channel.ts';
import type { Message } from '../message.ts';
import type { Told } from './robot.ts';
import type { SettledRequests } from './settled-requests.ts';

/** A kind of channel with its settings, whichever kind it is. */
export interface OpenedChannel {
  readonly name: string;
  readonly limits: { readonly bodyBytes: number; readonly messages: number; readonly seconds: number };
  readonly secretFiles: readonly string[];
  readonly render: (message: Message, context: RenderContext) => readonly ChannelRequest[];
  readonly judge: (answer: ChannelAnswer) => Verdict;
  /** As of the kind: a person for each request. */
  readonly recipients?: readonly string[];
}

export type RequestOutcome = Verdict['outcome'] | 'unreachable';

export interface TellDeps {
  readonly secret: RenderContext['secret'];
  readonly nonce: () => string;
  readonly nowMs: () => number;
  /** Rejects with a SourceError if there is no answer, which may name the address: it is not repeated. */
  readonly post: (request: ChannelRequest) => Promise<ChannelAnswer>;
  readonly onRequest: (outcome: RequestOutcome) => void;
  /** One of several people will never get this message, while others have it or may get it. */
  readonly onRecipientRefused: (recipient: string, reason: string) => void;
  /** Our clock is behind by so many milliseconds; from then on they are added. */
  readonly clockSkewMs: { get: () => number; set: (ms: number) => void };
}

type NotDelivered = Exclude<Verdict, { outcome: 'delivered' }>;

interface Sending {
  /** Waits until the next request may go. */
  readonly turn: () => Promise<void>;
  readonly deps: TellDeps;
  /** What the robot has of the message already; what is settled now is added. */
  readonly settled?: SettledRequests;
}

/**
 * Sends the requests of one message in their order, but for those that are settled. A signature that the robot finds too old or new is made again
 * once, by the robot's clock; if it finds that one wrong too, the key is wrong and it will never take it.
 */
export async function tellChannel(
  channel: OpenedChannel,
  message: Message,
  { turn, deps, settled = new Map() }: Sending,
): Promise<Told> {
  const rest = (): Promise<NotDelivered | undefined> => sendRest(channel, message, { turn, deps, settled });
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

/** Undefined if all is settled and somebody was told. */
async function sendRest(
  channel: OpenedChannel,
  message: Message,
  sending: Required<Sending>,
): Promise<NotDelivered | undefined> {
  const { turn, deps, settled } = sending;
  const renderNow = (): readonly ChannelRequest[] => {
    const { secret, nonce, nowMs, clockSkewMs } = deps;
    return channel.render(message, { secret, nonce: nonce(), nowMs: nowMs() + clockSkewMs.get() });
  };
  const left = [...renderNow().keys()].filter((index) => !settled.has(index));
  const missed = new Map<number, NotDelivered>();
  for (const index of left) {
    // The limit is that of each person, who gets one request.
    if (channel.recipients === undefined || index === left[0]) await turn();
    // Signed only now: waiting for the turn may have taken longer than a signature lasts.
    const verdict = await sendOne(renderNow()[index], channel.judge, deps);
    if (verdict.outcome === 'delivered') settled.set(index, 'delivered');
    else if (channel.recipients === undefined || verdict.outcome === 'skewed') return verdictOfPart(verdict, settled);
    else missed.set(index, verdict);
  }
  return verdictOfRecipients(missed, channel.recipients ?? [], sending);
}

/** A message of which the robot has a part is not tried in smaller ones: people would read that part again. */
function verdictOfPart(verdict: NotDelivered, settled: SettledRequests): NotDelivered {
  return verdict.outcome === 'refused' && settled.size > 0 ? { outcome: 'refused', reason: verdict.reason } : verdict;
}

/**
 * Whom the message did not reach. Those that were refused are given up where anybody else has it or may get it; where all were refused, the message is.
 */
function verdictOfRecipients(
  missed: ReadonlyMap<number, NotDelivered>,
  recipients: readonly string[],
  { deps, settled }: Required<Sending>,
): NotDelivered | undefined {
  const refused = [...missed].flatMap(([index, verdict]) =>
    verdict.outcome === 'refused' ? [{ index, verdict }] : [],
  );
  const later = [...missed.values()].filter(({ outcome }) => outcome !== 'refused');
  const isAnyTold = [...settled.values()].includes('delivered');
  if (later.length === 0 && !isAnyTold) return refusedByAll(refused.map(({ verdict }) => verdict));
  for (const { index, verdict } of refused) {
    settled.set(index, 'refused');
    deps.onRecipientRefused(recipients[index] ?? '', verdict.reason);
  }
  return later.find(({ outcome }) => outcome === 'limited') ?? later[0];
}

function refusedByAll(verdicts: readonly Extract<NotDelivered, { outcome: 'refused' }>[]): NotDelivered | undefined {
  const [first, ...others] = verdicts;
  if (first === undefined || others.length === 0) return first;
  const reason = `${first.reason}; ${others.length} more recipients were refused`;
  return verdicts.every(({ forContent }) => forContent) ? { ...first, reason } : { outcome: 'refused', reason };
}

async function sendOne(
  request: ChannelRequest | undefined,
  judge: OpenedChannel['judge'],
  deps: TellDeps,
): Promise<Verdict> {
  if (request === undefined) throw new Error('it has fewer requests than before');
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
