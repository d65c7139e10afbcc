import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { readSecret } from '../../kit/server-fields.ts';
import { sealClaim } from './acknowledge/link.ts';
import type { ChannelAnswer, ChannelRequest } from './channels/channel.ts';
import type { BridgeConfig } from './config/bridge-file.ts';
import type { RobotConfig } from './config/robot-config.ts';
import { type DeadLetter, deadLetterOf } from './dead-letter.ts';
import { longestUrl } from './letter/web-link.ts';
import type { Meters } from './meters.ts';
import type { Notification } from './notification.ts';
import { filtered, robotMessage } from './robot-message.ts';
import type { Outcome } from './sending/outcome.ts';
import { createPartlyTold, type PartlyTold } from './sending/partly-told.ts';
import { createRobot, type Robot, type RobotLoad, type RobotTiming, type Told } from './sending/robot.ts';
import { tellChannel } from './sending/tell.ts';

export interface RobotsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Meters;
  readonly readFile: (path: string) => string;
  readonly post: (request: ChannelRequest, timeoutSeconds: number) => Promise<ChannelAnswer>;
  /** Rejects if the disk does not take it; undefined where no file is configured. */
  readonly writeDeadLetter: () => ((letter: DeadLetter) => Promise<void>) | undefined;
  /** The notification with what the inventory knows of its alerts. Never rejects. */
  readonly enrich: (notification: Notification, signal: AbortSignal) => Promise<Notification>;
}

/** The robots of the configuration that is in force. */
export interface Robots {
  readonly has: (name: string) => boolean;
  readonly deliver: (name: string, notification: Notification, signal: AbortSignal) => Promise<Outcome>;
  readonly configure: (config: BridgeConfig) => void;
  readonly loads: () => ReadonlyMap<string, RobotLoad>;
  readonly stop: () => Promise<void>;
}

/** The link of a digest may take so much of the body of a message; the rest is for alerts. */
const linkShare = 8;
const maxWaiting = 5_000;
const maxWaitingBytes = 64 * 1024 * 1024;

interface Running {
  readonly robot: Robot;
  config: RobotConfig;
  skewMs: number;
  readonly partlyTold: PartlyTold;
}

export function createRobots(first: BridgeConfig, deps: RobotsDeps): Robots {
  const { clock, log, meters, readFile } = deps;
  const running = new Map<string, Running>();
  let config = first;
  const nowMs = (): number => clock.now() * 1000;

  function acknowledgeUrl(groups: readonly Notification[], { language, channel }: RobotConfig): string | undefined {
    const { acknowledge } = config;
    if (acknowledge === undefined) return undefined;
    const page = `${acknowledge.externalUrl}/ack?token=`;
    const longest = groups.length === 1 ? longestUrl : Math.min(longestUrl, channel.limits.bodyBytes / linkShare);
    try {
      const key = readSecret(acknowledge.keyFile, readFile);
      const expires = Math.floor(clock.now() + acknowledge.expiresSeconds);
      const claim = { groups: groups.map(({ groupLabels }) => groupLabels), language, expires };
      const token = sealClaim(claim, key, longest - page.length);
      return token === undefined ? undefined : `${page}${token}`;
    } catch (error) {
      log.warn('messages go out without a link to acknowledge', { reason: reasonOf(error) });
      return undefined;
    }
  }

  async function tell(name: string, notifications: readonly Notification[], turn: () => Promise<void>): Promise<Told> {
    const own = running.get(name);
    if (own === undefined) return { outcome: 'failed', reason: 'the robot was taken out of the configuration' };
    const { channel, timeoutSeconds } = own.config;
    const message = robotMessage(notifications, own.config, {
      teams: config.teams,
      acknowledgeUrl: (groups) => acknowledgeUrl(groups, own.config),
      nowMs: nowMs(),
    });
    const settled = own.partlyTold.of(notifications);
    const refusals: string[] = [];
    const told = await tellChannel(channel, message, {
      turn,
      settled,
      deps: {
        secret: (path) => readSecret(path, readFile),
        nonce: () => randomBytes(16).toString('hex'),
        nowMs,
        post: (request) => deps.post(request, timeoutSeconds),
        onRequest: (outcome) => meters.request(name, outcome),
        onRecipientRefused: (recipient, reason) => {
          refusals.push(`${recipient}: ${reason}`);
          log.warn('one recipient was refused', { robot: name, recipient: `…${recipient.slice(-4)}`, reason });
        },
        clockSkewMs: {
          get: () => own.skewMs,
          set: (ms) => {
            own.skewMs = ms;
            meters.skew(name, ms / 1000);
            log.warn('the clock of the robot differs from ours', { robot: name, seconds: Math.round(ms / 1000) });
          },
        },
      },
    });
    if (told.outcome === 'delivered' || told.outcome === 'refused') own.partlyTold.end(notifications);
    else own.partlyTold.keep(notifications, settled);
    for (const reason of refusals) await bury(name, notifications, reason);
    if (told.outcome === 'delivered') meters.delivered(name, message.kind, clock.now());
    else log.warn('a robot did not take a message', { robot: name, outcome: told.outcome, reason: told.reason });
    return told;
  }

  async function bury(name: string, dead: readonly Notification[], reason: string): Promise<void> {
    meters.deadLetter(name);
    const channel = running.get(name)?.config.channel.name ?? '';
    try {
      await deps.writeDeadLetter()?.(deadLetterOf(dead, { robot: name, channel, reason, nowMs: nowMs() }));
    } catch (error) {
      meters.deadLetterError();
      log.error('a refused message could not be written to the dead-letter file', { reason: reasonOf(error) });
    }
  }

  function configure(next: BridgeConfig): void {
    config = next;
    for (const [name, { robot }] of running) {
      if (next.robots.has(name)) continue;
      running.delete(name);
      meters.removeRobot(name);
      void robot.stop();
    }
    for (const [name, robotConfig] of next.robots) {
      meters.addRobot(name, robotConfig.channel.name);
      const own = running.get(name);
      const timing = timingOf(robotConfig, next);
      if (own === undefined) {
        const partlyTold = createPartlyTold();
        running.set(name, { robot: start(name, timing), config: robotConfig, skewMs: 0, partlyTold });
      } else {
        own.partlyTold.forget();
        own.config = robotConfig;
        own.robot.setTiming(timing);
      }
    }
  }

  function start(name: string, timing: RobotTiming): Robot {
    return createRobot(timing, {
      clock,
      tell: (notifications, turn) => tell(name, notifications, turn),
      bury: (notifications, reason) => bury(name, notifications, reason),
      onTold: (seconds) => meters.told(name, seconds),
    });
  }

  configure(first);

  return {
    has: (name) => running.has(name),
    deliver: async (name, notification, signal) => {
      const own = running.get(name);
      if (own === undefined) return { kind: 'refused', reason: 'there is no such robot' };
      meters.received(name, notification.alerts.length);
      const wanted = filtered(notification, own.config);
      const left = notification.alerts.length - (wanted?.alerts.length ?? 0);
      if (wanted === undefined) {
        meters.answered(name, 'filtered', left);
        return { kind: 'filtered' };
      }
      meters.leftOut(name, left);
      const outcome = await own.robot.deliver(await deps.enrich(wanted, signal), signal);
      meters.answered(name, outcome.kind, wanted.alerts.length);
      return outcome;
    },
    configure,
    loads: () => new Map([...running].map(([name, { robot }]) => [name, robot.load()])),
    stop: async () => {
      await Promise.all([...running.values()].map(({ robot }) => robot.stop()));
    },
  };
}

function timingOf({ limit, deliverWithinSeconds }: RobotConfig, { deduplicateForSeconds }: BridgeConfig): RobotTiming {
  return { limit, deliverWithinSeconds, deduplicateForSeconds, maxWaiting, maxWaitingBytes };
}
