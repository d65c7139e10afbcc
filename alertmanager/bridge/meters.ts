import { type Counter, Registry } from 'prom-client';
import { counterOf, gaugeOf, histogramOf, registryFamilies } from '../../kit/exposition/prom-client.ts';
import type { Family } from '../../kit/exposition/samples.ts';
import { bridge } from '../../metrics/bridge.ts';
import { type Outcome, outcomeKinds } from './sending/outcome.ts';
import type { RobotLoad } from './sending/robot.ts';
import type { RequestOutcome } from './sending/tell.ts';

const requestOutcomes: readonly RequestOutcome[] = [
  'delivered',
  'limited',
  'refused',
  'skewed',
  'failed',
  'unreachable',
];
const acknowledgements = ['silenced', 'refused', 'failed'] as const;
const rejections = ['body', 'robot'] as const;

/** What the bridge counts. */
export interface Meters {
  readonly received: (robot: string, alerts: number) => void;
  readonly answered: (robot: string, outcome: Outcome['kind'], alerts: number) => void;
  /** Alerts that the settings of the robot leave out of a notification that is not left out as a whole. */
  readonly leftOut: (robot: string, alerts: number) => void;
  readonly delivered: (robot: string, kind: 'group' | 'digest', atSeconds: number) => void;
  readonly told: (robot: string, seconds: number) => void;
  readonly request: (robot: string, outcome: RequestOutcome) => void;
  readonly skew: (robot: string, seconds: number) => void;
  readonly deadLetter: (robot: string) => void;
  readonly deadLetterError: () => void;
  readonly enrichmentFailure: () => void;
  readonly rejected: (reason: (typeof rejections)[number]) => void;
  readonly acknowledged: (outcome: (typeof acknowledgements)[number]) => void;
  /** Gives a robot its series, or takes them away. */
  readonly addRobot: (robot: string, channel: string) => void;
  readonly removeRobot: (robot: string) => void;
  readonly families: (loads: ReadonlyMap<string, RobotLoad>) => Promise<readonly Family[]>;
}

export function createMeters(): Meters {
  const registry = new Registry();
  const info = gaugeOf(registry, { ...bridge.fleetlens_bridge_robot_info, kind: 'gauge' });
  const notificationsIn = counterOf(registry, bridge.fleetlens_bridge_notifications_received_total);
  const notificationsOut = counterOf(registry, bridge.fleetlens_bridge_notifications_answered_total);
  const alertsIn = counterOf(registry, bridge.fleetlens_bridge_alerts_received_total);
  const alertsOut = counterOf(registry, bridge.fleetlens_bridge_alerts_answered_total);
  const messages = counterOf(registry, bridge.fleetlens_bridge_messages_delivered_total);
  const requests = counterOf(registry, bridge.fleetlens_bridge_requests_total);
  const waiting = gaugeOf(registry, bridge.fleetlens_bridge_waiting_notifications);
  const waitingBytes = gaugeOf(registry, bridge.fleetlens_bridge_waiting_bytes);
  const waitingAlerts = gaugeOf(registry, bridge.fleetlens_bridge_waiting_alerts);
  const pause = gaugeOf(registry, bridge.fleetlens_bridge_pause_seconds);
  const seconds = histogramOf(registry, bridge.fleetlens_bridge_delivery_seconds);
  const last = gaugeOf(registry, bridge.fleetlens_bridge_last_delivery_timestamp_seconds);
  const skew = gaugeOf(registry, bridge.fleetlens_bridge_clock_skew_seconds);
  const deadLetters = counterOf(registry, bridge.fleetlens_bridge_dead_letters_total);
  const deadLetterErrors = counterOf(registry, bridge.fleetlens_bridge_dead_letter_errors_total);
  const enrichmentFailures = counterOf(registry, bridge.fleetlens_bridge_enrichment_failures_total);
  const rejected = counterOf(registry, bridge.fleetlens_bridge_rejected_total);
  const acknowledged = counterOf(registry, bridge.fleetlens_bridge_acknowledgements_total);
  const counters = [notificationsIn, alertsIn, deadLetters];
  const gauges = [waiting, waitingBytes, waitingAlerts, pause, last, skew];
  const channels = new Map<string, string>();
  for (const reason of rejections) rejected.inc({ reason }, 0);
  for (const outcome of acknowledgements) acknowledged.inc({ outcome }, 0);

  /** Counters with a second label, with each of its values. */
  function labelled(robot: string): readonly (readonly [counter: Counter, labels: Readonly<Record<string, string>>])[] {
    const rows = (counter: Counter, label: string, values: readonly string[]) =>
      values.map((value) => [counter, { robot, [label]: value }] as const);
    return [
      ...rows(notificationsOut, 'outcome', outcomeKinds),
      ...rows(alertsOut, 'outcome', outcomeKinds),
      ...rows(requests, 'outcome', requestOutcomes),
      ...rows(messages, 'kind', ['group', 'digest']),
    ];
  }

  function removeRobot(robot: string): void {
    const channel = channels.get(robot);
    if (channel === undefined) return;
    channels.delete(robot);
    info.remove({ robot, channel });
    for (const metric of [...counters, ...gauges, seconds]) metric.remove({ robot });
    for (const [counter, labels] of labelled(robot)) counter.remove(labels);
  }

  /** What ends after its robot was taken out of the configuration would give it series again. */
  const ofKnown =
    <Rest extends readonly unknown[]>(count: (robot: string, ...rest: Rest) => void) =>
    (robot: string, ...rest: Rest): void => {
      if (channels.has(robot)) count(robot, ...rest);
    };

  return {
    received: ofKnown((robot, alerts: number) => {
      notificationsIn.inc({ robot });
      alertsIn.inc({ robot }, alerts);
    }),
    answered: ofKnown((robot, outcome: Outcome['kind'], alerts: number) => {
      notificationsOut.inc({ robot, outcome });
      alertsOut.inc({ robot, outcome }, alerts);
    }),
    leftOut: ofKnown((robot, alerts: number) => alertsOut.inc({ robot, outcome: 'filtered' }, alerts)),
    delivered: ofKnown((robot, kind: 'group' | 'digest', atSeconds: number) => {
      messages.inc({ robot, kind });
      last.set({ robot }, atSeconds);
    }),
    told: ofKnown((robot, took: number) => seconds.observe({ robot }, took)),
    request: ofKnown((robot, outcome: RequestOutcome) => requests.inc({ robot, outcome })),
    skew: ofKnown((robot, by: number) => skew.set({ robot }, by)),
    deadLetter: ofKnown((robot) => deadLetters.inc({ robot })),
    deadLetterError: () => deadLetterErrors.inc(),
    enrichmentFailure: () => enrichmentFailures.inc(),
    rejected: (reason) => rejected.inc({ reason }),
    acknowledged: (outcome) => acknowledged.inc({ outcome }),
    addRobot: (robot, channel) => {
      if (channels.get(robot) === channel) return;
      removeRobot(robot);
      channels.set(robot, channel);
      info.set({ robot, channel }, 1);
      for (const counter of counters) counter.inc({ robot }, 0);
      for (const gauge of gauges) gauge.set({ robot }, 0);
      seconds.zero({ robot });
      for (const [counter, labels] of labelled(robot)) counter.inc(labels, 0);
    },
    removeRobot,
    families: (loads) => {
      for (const [robot, load] of loads) {
        waiting.set({ robot }, load.notifications);
        waitingBytes.set({ robot }, load.bytes);
        waitingAlerts.set({ robot }, load.alerts);
        pause.set({ robot }, load.pausedSeconds);
      }
      return registryFamilies(registry);
    },
  };
}
