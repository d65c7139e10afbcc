import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../kit/clock.ts';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import type { Preview } from '../preview/start-preview.ts';
import { runCommand } from '../run-command.ts';
import { pushQualities } from '../simulate/inference/push-qualities.ts';
import { type SimulatedServing, startSimulatedServing } from '../simulate/inference/start-simulated-serving.ts';
import { type SimulatedPlatform, startSimulatedPlatform } from '../simulate/platform/start-simulated-platform.ts';
import { type SimulatedTraining, startSimulatedTraining } from '../simulate/training/start-simulated-training.ts';
import { addresses } from './addresses.ts';
import { writeBilling } from './billing.ts';
import { findPrograms } from './find-program.ts';
import { chooseFleet } from './fleet.ts';
import { findGrafana } from './grafana.ts';
import { chooseHistory, monthBefore, writeStackHistory } from './history.ts';
import { type SimulatedInventory, startSimulatedInventory, writeInventory } from './inventory.ts';
import { upOptions } from './options.ts';
import { choosePorts } from './ports.ts';
import { writePrediction } from './prediction.ts';
import { hasBuiltApp, startStackPreview } from './preview.ts';
import { createProcessGroup, type ProcessGroup } from './process-group.ts';
import { type ReceivedAlert, type Receiver, startReceiver } from './receiver.ts';
import { type AlertStyle, alertText, createScreen, type Screen } from './screen.ts';
import { proxyUrlOf, type Stack, simulatedRunsFolder, startStack, writeStack } from './stack.ts';
import { checkUpstreams } from './upstreams.ts';
import { startWatch } from './watch.ts';

/** `fleetlens up`. Resolves with the exit status once everything that it started has ended. */
export function up(argv: readonly string[]): Promise<number> {
  return runCommand(upOptions, argv, async (options) => {
    const programs = findPrograms(options);
    const upstreams = checkUpstreams(options['inference.upstreams']);
    const home = options['grafana-home'];
    const grafana = home === undefined ? undefined : findGrafana(home);
    const ports = await choosePorts(options);
    const screen = createScreen(process.stdout);
    const outputGone = new Promise<void>((resolveGone) => process.stdout.on('error', () => resolveGone()));
    const fleet = await chooseFleet(options, ports);
    const history = chooseHistory(options, { ...fleet, ...programs }, Date.now());
    screen.print(fleet.headline);
    const folder = openFolder(options['data-dir']);
    const group = createProcessGroup();
    try {
      return await run(
        {
          folder,
          ports,
          ...programs,
          ...fleet,
          history,
          trainingRuns: options['training.runs'],
          upstreams,
          hasPreview: hasBuiltApp(),
          grafana,
        },
        { group, screen, outputGone, durationSeconds: options.duration },
      );
    } finally {
      await group.stop();
      if (options['data-dir'] === undefined) rmSync(folder, { recursive: true, force: true });
    }
  });
}

interface RunDeps {
  readonly group: ProcessGroup;
  readonly screen: Screen;
  /** Whoever read our output has gone, as in `fleetlens up | head`. */
  readonly outputGone: Promise<void>;
  /** 0 for no end. */
  readonly durationSeconds: number;
}

async function run(
  fleet: Omit<Stack, 'cmdbArgs' | 'billingArgs' | 'predictionArgs'>,
  { group, screen, outputGone, durationSeconds }: RunDeps,
): Promise<number> {
  const end = waitForEnd(group, outputGone);
  const style = { colour: process.stdout.isTTY === true, width: process.stdout.columns ?? Number.POSITIVE_INFINITY };
  let receiver: Receiver | undefined;
  let training: SimulatedTraining | undefined;
  let serving: SimulatedServing | undefined;
  let inventory: SimulatedInventory | undefined;
  let preview: Preview | undefined;
  let platform: SimulatedPlatform | undefined;
  const leaving = new AbortController();
  try {
    if (fleet.simulation !== undefined) serving = await startSimulatedServing(fleet.simulation, { clock: systemClock });
    if (fleet.simulation !== undefined) inventory = await startSimulatedInventory(fleet.simulation);
    if (fleet.simulation !== undefined) platform = await startPlatform(fleet.simulation, fleet.history);
    const told = {
      cmdbArgs: writeInventory(fleet, inventory),
      billingArgs: writeBilling(fleet),
      predictionArgs: writePrediction(fleet),
    };
    const stack = { ...fleet, serving, platformUrl: platform?.url, ...told };
    writeStack(stack);
    receiver = await startReceiver(stack.ports.receiver, (alerts) => printAlerts(alerts, screen, style));
    training = simulateTraining(stack, screen);
    const started = writeStackHistory(stack, screen, leaving.signal).then(() =>
      startStack(stack, group, (name) => screen.status(`--:--  starting ${name} …`)),
    );
    started.catch(() => {});
    const early = await Promise.race([started.then(() => undefined), end]);
    if (early !== undefined) return finish(early, screen);
    preview = await startStackPreview(stack.ports);
    screen.print(addresses(stack));
    beginServing(stack, screen);
    const watch = startWatch(`http://127.0.0.1:${stack.ports.prometheus}`, screen, stack.history?.month.key.span);
    const over =
      durationSeconds === 0 ? end : Promise.race([end, sleep(durationSeconds * 1000, { status: 0 }, { ref: false })]);
    const outcome = await over;
    watch.stop();
    return finish(outcome, screen);
  } catch (error) {
    return finish({ status: 1, reason: reasonOf(error) }, screen);
  } finally {
    leaving.abort();
    await receiver?.stop();
    await preview?.stop();
    await platform?.stop();
    await training?.stop();
    await serving?.stop();
    await inventory?.stop();
  }
}

function startPlatform(
  simulation: NonNullable<Stack['simulation']>,
  history: Stack['history'],
): Promise<SimulatedPlatform> {
  const clock = systemClock;
  return startSimulatedPlatform(monthBefore(simulation, history, clock.now() * 1000), { clock });
}

/** The training pods of a simulated fleet write their files while the stack runs, from its start on. */
function simulateTraining(stack: Stack, screen: Screen): SimulatedTraining | undefined {
  if (stack.simulation === undefined) return undefined;
  return startSimulatedTraining(
    { ...stack.simulation, folder: simulatedRunsFolder(stack) },
    {
      clock: systemClock,
      onFailure: (reason) => screen.print(`Simulated training has ended, its files cannot be written: ${reason}`),
    },
  );
}

/** Tenants send from now on, when everything is there to count and show it. */
function beginServing(stack: ServingStack, screen: Screen): void {
  const { ports, simulation, serving } = stack;
  const proxyUrl = proxyUrlOf(stack);
  if (proxyUrl === undefined || serving === undefined) return;
  serving.send(proxyUrl);
  pushQualities(`http://127.0.0.1:${ports.inference}`, simulation?.seed ?? 0).catch((error: unknown) =>
    screen.print(`The simulated qualities of models could not be pushed: ${reasonOf(error)}`),
  );
}

interface ServingStack extends Stack {
  readonly serving: SimulatedServing | undefined;
}

interface Outcome {
  readonly status: number;
  readonly reason?: string;
}

/** The first of: a signal from the user or the system, or one of the programs ending by itself. */
function waitForEnd(group: ProcessGroup, outputGone: Promise<void>): Promise<Outcome> {
  const signalled = new Promise<Outcome>((resolveOutcome) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolveOutcome({ status: 0 }));
  });
  const unread = outputGone.then(() => ({ status: 0 }));
  return Promise.race([signalled, unread, group.failure.then((reason) => ({ status: 1, reason }))]);
}

function finish({ status, reason }: Outcome, screen: Screen): number {
  screen.close();
  if (reason !== undefined) process.stderr.write(`fleetlens up: ${reason}\n`);
  process.stdout.write('Stopping …\n');
  return status;
}

function printAlerts(alerts: readonly ReceivedAlert[], screen: Screen, style: AlertStyle): void {
  for (const alert of alerts) {
    if (alert.labels['severity'] !== 'none') screen.print(alertText(alert, style));
  }
}

function openFolder(given: string | undefined): string {
  if (given === undefined) return mkdtempSync(join(tmpdir(), 'fleetlens-'));
  const folder = resolve(given);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new ConfigError(`--data-dir cannot be made: ${reasonOf(error)}`);
  }
  return folder;
}
