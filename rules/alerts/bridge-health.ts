import { bridge } from '../../metrics/bridge.ts';
import { type Expr, promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleBridgeTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';

const robot = { robot: 'sre-dingtalk' } as const;
const onAlert = { cluster: exampleBridgeTarget.cluster, job: exampleBridgeTarget.job, ...robot } as const;
const target = { ...exampleBridgeTarget, ...robot } as const;

const byRobot = (vector: Expr): Expr => promql`sum by (cluster, job, robot) (${vector})`;
const answered = (outcome: string): Expr => select(bridge.fleetlens_bridge_notifications_answered_total, { outcome });
const limited = select(bridge.fleetlens_bridge_requests_total, { outcome: 'limited' });

const which = 'The robot {{ $labels.robot }} of the bridge {{ $labels.job }} in {{ $labels.cluster }}';
const readLog =
  'What the robot answers: `journalctl -u fleetlens-bridge -n 100`, `kubectl logs deploy/fleetlens-bridge --tail=100`. The log names robot and reason.';
const sendTest =
  'By hand, from the machine of the bridge: `fleetlens bridge send-test --bridge.file=/etc/fleetlens/bridge.yaml --robot=<robot>`. It tells what is wrong and what to do.';

/** Whether alerts reach people. These go by a second way, since the first is what they report on. */
export default defineAlerts({
  theme: 'bridge-health',
  alerts: [
    {
      name: 'BridgeDeliveryFailing',
      expr: promql`${byRobot(promql`increase(${answered('unavailable')}[15m])`)} > 0
unless
${byRobot(promql`increase(${answered('told')}[15m])`)} > 0`,
      for: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'A robot has taken no message for a quarter of an hour, and alerts wait for it.',
      description: `${which} could not be told {{ $value | humanize }} times in 15 minutes, and was told nothing. Run fleetlens bridge send-test to see why.`,
      runbook: {
        meaning:
          'Whoever relies on this robot hears of no alert. Alertmanager keeps the alerts and sends them again, so they arrive once the robot takes them.',
        firstLook: [sendTest, readLog, 'Whether others have it too: the status page of the maker of the robot.'],
        remedy: [
          'Open the way: proxy, firewall, name resolution and certificates of the machine of the bridge.',
          'The maker is down: point the receiver of Alertmanager to another robot, and reload it.',
        ],
      },
      fires: {
        when: 'The maker of the robot could not be reached ten minutes ago, and nothing was sent since',
        series: [
          [
            series(bridge.fleetlens_bridge_notifications_answered_total, { ...target, outcome: 'unavailable' }),
            '0x9 1x20',
          ],
          [series(bridge.fleetlens_bridge_notifications_answered_total, { ...target, outcome: 'told' }), '7x30'],
        ],
        at: '20m',
        alerts: [onAlert],
      },
      quiet: {
        when: 'A storm: some notifications are sent off and come again, and a message got through; and a robot that nobody uses',
        series: [
          [
            series(bridge.fleetlens_bridge_notifications_answered_total, { ...target, outcome: 'unavailable' }),
            '0+20x30',
          ],
          [series(bridge.fleetlens_bridge_notifications_answered_total, { ...target, outcome: 'told' }), '0x9 1x20'],
          [
            series(bridge.fleetlens_bridge_notifications_answered_total, {
              ...target,
              robot: 'spare',
              outcome: 'unavailable',
            }),
            '0x30',
          ],
        ],
        at: '20m',
      },
    },
    {
      name: 'BridgeRobotLimited',
      expr: promql`${byRobot(promql`increase(${limited}[30m])`)} > ${thresholds.bridgeLimitedRequestsCount}`,
      thresholds: ['bridgeLimitedRequestsCount'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'A robot says again and again that it had too many messages.',
      description: `${which} refused {{ $value | humanize }} messages in 30 minutes because it had too many. Find out who else sends to it.`,
      runbook: {
        meaning:
          'The bridge stays within the documented limit, so somebody else uses the same robot, or the limit in the settings is above what the maker allows. Messages are late.',
        firstLook: [readLog, 'Who else has the address of this robot: other bridges, scripts, a second replica.'],
        remedy: [
          'Give every sender a robot of its own.',
          'Several bridges share it: divide `limit` of the robot by their number, and reload them.',
        ],
      },
      fires: {
        when: 'Another program used up the limit for four requests',
        series: [[series(bridge.fleetlens_bridge_requests_total, { ...target, outcome: 'limited' }), '0x4 1 2 3 4x30']],
        at: '25m',
        alerts: [onAlert],
      },
      quiet: {
        when: 'It happened three times in half an hour, among many that were delivered',
        series: [
          [series(bridge.fleetlens_bridge_requests_total, { ...target, outcome: 'limited' }), '0x4 1 2 3x30'],
          [series(bridge.fleetlens_bridge_requests_total, { ...target, outcome: 'delivered' }), '0+5x30'],
        ],
        at: '25m',
      },
    },
    {
      name: 'BridgeDeadLetter',
      expr: promql`${byRobot(promql`increase(${bridge.fleetlens_bridge_dead_letters_total}[15m])`)} > 0`,
      for: '0s',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'observability',
      summary: 'A robot refuses messages for good.',
      description: `${which} refused {{ $value | humanize }} messages in 15 minutes for good. Read the reason in the dead-letter file or the log.`,
      runbook: {
        meaning:
          'The robot answers that it will never take such a message: a wrong key, a keyword that it asks for, a text that it does not let through, a robot that was removed. Nobody was told of these alerts by it. Where the reason begins with a telephone number, only that number was not told.',
        firstLook: [readLog, 'Which alerts: the file of `dead_letter.file`, a JSON line for each message.', sendTest],
        remedy: [
          'Put the right key into the file of the robot; it is read anew for each message.',
          'The robot asks for a keyword: add one that is in every message, such as FleetLens.',
          'A telephone number is refused: write it as the maker wants it, or take it out of `phone_numbers`.',
          'Alertmanager sends the alerts that still fire again at its next group interval.',
        ],
      },
      fires: {
        when: 'The key of the robot was changed, and a message was refused',
        series: [[series(bridge.fleetlens_bridge_dead_letters_total, target), '0x5 1x10']],
        at: '10m',
        alerts: [onAlert],
      },
      quiet: {
        when: 'It refused a message an hour ago',
        series: [[series(bridge.fleetlens_bridge_dead_letters_total, target), '0x3 1x80']],
        at: '60m',
      },
    },
  ],
});
