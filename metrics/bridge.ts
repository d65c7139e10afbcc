import { defineMetrics } from './define.ts';

const robot = ['robot'] as const;

/** How alerts reach people: what came from Alertmanager, what robots took, what waits. Every robot of the configuration has its series from the start. */
export const bridge = defineMetrics('bridge', {
  fleetlens_bridge_robot_info: {
    kind: 'info',
    unit: 'none',
    help: 'A robot of the configuration and the kind of channel that it is.',
    labels: ['robot', 'channel'],
  },
  fleetlens_bridge_notifications_received_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Notifications that Alertmanager sent for the robot, repeated attempts among them.',
    labels: robot,
  },
  fleetlens_bridge_notifications_answered_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Notifications by how they ended: told, deduplicated (told already), filtered (nothing in it is for the robot), refused (the robot will never take it), unavailable (answered 503, so Alertmanager sends it again), abandoned (Alertmanager went away before).',
    labels: ['robot', 'outcome'],
  },
  fleetlens_bridge_alerts_received_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Alerts in the notifications that came in. Those answered and those waiting add up to it.',
    labels: robot,
  },
  fleetlens_bridge_alerts_answered_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Alerts by how they ended, with the outcomes of notifications; what the settings of a robot leave out is filtered.',
    labels: ['robot', 'outcome'],
  },
  fleetlens_bridge_messages_delivered_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Messages that the robot took, by kind: group (of one notification) or digest (of all that waited).',
    labels: ['robot', 'kind'],
  },
  fleetlens_bridge_requests_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Requests to the robot by how they ended: delivered, limited (too many), refused, skewed (its clock and ours differ), failed (an answer that its maker does not document, such as HTML), unreachable (no answer at all).',
    labels: ['robot', 'outcome'],
  },
  fleetlens_bridge_waiting_notifications: {
    kind: 'gauge',
    unit: 'none',
    help: 'Notifications that wait for the robot or are being sent.',
    labels: robot,
  },
  fleetlens_bridge_waiting_bytes: {
    kind: 'gauge',
    unit: 'bytes',
    help: 'Size of the notifications that wait for the robot or are being sent.',
    labels: robot,
  },
  fleetlens_bridge_waiting_alerts: {
    kind: 'gauge',
    unit: 'none',
    help: 'Alerts in the notifications that wait for the robot or are being sent.',
    labels: robot,
  },
  fleetlens_bridge_pause_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Time until the robot is asked again after it said that it had too many messages; 0 while it takes them.',
    labels: robot,
  },
  fleetlens_bridge_delivery_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time from the arrival of a notification until the robot had taken it.',
    labels: robot,
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  fleetlens_bridge_last_delivery_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When the robot last took a message, as Unix time; 0 if it has taken none since the start.',
    labels: robot,
  },
  fleetlens_bridge_clock_skew_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'How far the clock of the robot is ahead of ours, as found when it refused a signature; 0 if it never did.',
    labels: robot,
  },
  fleetlens_bridge_dead_letters_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Messages that the robot refused for good, and telephone numbers that it refused while others were told.',
    labels: robot,
  },
  fleetlens_bridge_dead_letter_errors_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Refused messages that could not be written to the dead-letter file.',
    labels: [],
  },
  fleetlens_bridge_enrichment_failures_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Notifications that went out without what the inventory knows, because it did not answer in time.',
    labels: [],
  },
  fleetlens_bridge_rejected_total: {
    kind: 'counter',
    unit: 'none',
    help: "Requests that were no message of Alertmanager's webhook for a robot of the configuration, by reason: body, robot.",
    labels: ['reason'],
  },
  fleetlens_bridge_acknowledgements_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Uses of acknowledgement links by how they ended: silenced, refused (a bad or old link), failed (Alertmanager did not take the silence).',
    labels: ['outcome'],
  },
});
