import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendAlerts, startAlertmanager } from '../support/alertmanager.ts';
import { startChild } from '../support/child-process.ts';
import { sampleValue, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeDingTalk } from '../support/robots/fake-dingtalk.ts';
import type { FakeRobot } from '../support/robots/robot-server.ts';
import { type Bench, type Row, row } from './bench.ts';
import { alertsInStorm, alertsTold, fullestMinute, nodes, stormAlerts } from './bridge-storm/storm.ts';
import { cpuSecondsOf } from './exporter-process.ts';

const bench = 'bridge-storm';
const secret = 'SEC0123456789abcdef';
const token = 't0ken';
/** One group interval of Alertmanager and a little more, so that what was refused at first comes once more. */
const defaultMinutes = 6;

/** The process between Alertmanager and the robot. */
interface Forwarder {
  readonly webhook: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export const bridgeStorm: Bench = {
  name: bench,
  about: `${alertsInStorm.toLocaleString('en')} alerts in ${nodes.toLocaleString('en')} groups from a real Alertmanager to a robot with the limits of DingTalk, through the bridge and through a forwarder of one message for each webhook`,
  isLong: true,
  run: async (progress, { minutes = defaultMinutes }) => {
    const folder = mkdtempSync(join(tmpdir(), 'fleetlens-storm-'));
    try {
      const ours = await storm((robot) => startBridge(robot, folder), { minutes, progress, title: 'the bridge' });
      const plain = await storm(startPlain, { minutes, progress, title: 'one message for each webhook' });
      return rowsOf(ours, plain);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Figures {
  readonly told: number;
  /** Until the last alert, or undefined if it never came. */
  readonly minutes: number | undefined;
  readonly messages: number;
  readonly refused: number;
  readonly fullestMinute: number;
  readonly cpuSeconds: number;
  readonly mebibytes: number;
}

async function storm(
  start: (robot: FakeRobot) => Promise<Forwarder>,
  about: { readonly minutes: number; readonly progress: (step: string) => void; readonly title: string },
): Promise<Figures> {
  const { minutes, progress, title } = about;
  const times: number[] = [];
  const robot = await startFakeDingTalk({ token, secret, onRequest: () => times.push(Date.now()) });
  const forwarder = await start(robot);
  const alertmanager = await startAlertmanager({
    config: {
      // Prometheus would send them again every minute.
      global: { resolve_timeout: '4h' },
      route: { receiver: 'sre', group_by: ['node'], group_wait: '10s', group_interval: '5m', repeat_interval: '4h' },
      receivers: [{ name: 'sre', webhook_configs: [{ url: forwarder.webhook, max_alerts: 0 }] }],
    },
  });
  try {
    const cpuBefore = cpuSecondsOf(forwarder.pid);
    const startedMs = Date.now();
    const alerts = stormAlerts(startedMs);
    for (let from = 0; from < alerts.length; from += 1_000)
      await sendAlerts(alertmanager.url, alerts.slice(from, from + 1_000));
    const since = (): number => (Date.now() - startedMs) / 60_000;
    let lastTold: number | undefined;
    for (let said = 0; since() < minutes && lastTold === undefined; ) {
      await pause(1);
      const told = alertsTold(robot.taken);
      if (told >= alertsInStorm) lastTold = since();
      if (since() - said < 1 && lastTold === undefined) continue;
      said = since();
      progress(
        `${title}, ${said.toFixed(1)} min: ${told} alerts in ${robot.taken.length} messages, ${robot.seen.length - robot.taken.length} refused`,
      );
    }
    // What is told twice comes behind.
    await pause(20);
    return {
      told: alertsTold(robot.taken),
      minutes: lastTold,
      messages: robot.taken.length,
      refused: robot.seen.length - robot.taken.length,
      fullestMinute: fullestMinute(times),
      cpuSeconds: cpuSecondsOf(forwarder.pid) - cpuBefore,
      mebibytes: highestResidentMebibytes(forwarder.pid),
    };
  } finally {
    await alertmanager.stop();
    await forwarder.stop();
    await robot.stop();
  }
}

async function startBridge({ url }: FakeRobot, folder: string): Promise<Forwarder> {
  const files = { url_file: join(folder, 'url'), secret_file: join(folder, 'secret') };
  writeFileSync(files.url_file, `${url}/robot/send?access_token=${token}\n`);
  writeFileSync(files.secret_file, `${secret}\n`);
  const file = join(folder, 'bridge.yaml');
  writeFileSync(file, JSON.stringify({ robots: { sre: { dingtalk: files } } }));
  const daemon = await startDaemonProcess(['bridge', `--bridge.file=${file}`]);
  return {
    webhook: `${daemon.url}/notify/sre`,
    pid: daemon.child.pid,
    stop: async () => {
      const text = await scrape(daemon.url);
      const told = sampleValue(text, 'fleetlens_bridge_alerts_answered_total{robot="sre",outcome="told"}');
      await daemon.child.stop();
      if (told !== alertsInStorm) throw new Error(`the bridge counts ${told} alerts told of ${alertsInStorm}`);
    },
  };
}

async function startPlain({ url }: FakeRobot): Promise<Forwarder> {
  const side = join(import.meta.dirname, 'bridge-storm', 'plain-forwarder.ts');
  const webhook = `${url}/robot/send?access_token=${token}`;
  const child = startChild({ program: process.execPath, args: ['--import', 'tsx', side, webhook, secret] });
  const address = await eventually('the forwarder to listen', () => child.stdout().trim() || undefined);
  return { webhook: address, pid: child.pid, stop: child.stop };
}

function rowsOf(ours: Figures, plain: Figures): readonly Row[] {
  const figure = (name: string, unit: string, of: (figures: Figures) => number | undefined): Row => {
    const [own = Number.NaN, others] = [of(ours), of(plain)];
    const both = row({ bench, name, unit, runs: [own], ...(others !== undefined && { baselineRuns: [others] }) });
    return own === 0 || others === 0 ? { ...both, ratio: null } : both;
  };
  return [
    figure('alerts told', 'alerts', ({ told }) => Math.min(told, alertsInStorm)),
    figure('alerts lost', 'alerts', ({ told }) => Math.max(0, alertsInStorm - told)),
    figure('alerts told twice', 'alerts', ({ told }) => Math.max(0, told - alertsInStorm)),
    figure('messages', 'messages', ({ messages }) => messages),
    figure('messages refused', 'messages', ({ refused }) => refused),
    figure('messages in the fullest minute', 'messages', ({ fullestMinute: most }) => most),
    figure('until all are told', 'min', ({ minutes }) => minutes),
    figure('CPU time', 's', ({ cpuSeconds }) => cpuSeconds),
    figure('resident memory, highest', 'MiB', ({ mebibytes }) => mebibytes),
  ];
}

function highestResidentMebibytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
