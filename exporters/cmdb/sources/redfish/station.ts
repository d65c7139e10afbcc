import type { Clock } from '../../../../kit/clock.ts';
import type { Log } from '../../../../kit/log.ts';
import type {
  FailureKind,
  HardwareStatus,
  LogReading,
  PartsReading,
  SensorReading,
} from '../../hardware/hardware-reading.ts';
import type { Problem } from '../../observation.ts';
import { BmcError, sortedError } from './bmc-error.ts';
import type { BmcTarget, RedfishSettings } from './bmc-target.ts';
import { type Abilities, abilitiesOf, type ControllerLayout, readLayout } from './controller-layout.ts';
import { createLook, type Look } from './look.ts';
import { type ControllerInventory, readInventory } from './read-inventory.ts';
import { readLogs } from './read-logs.ts';
import { readSensors } from './read-sensors.ts';
import { createRedfishClient, type RedfishClient } from './redfish-client.ts';
import { textOf } from './resource.ts';
import { rootPath } from './resource-path.ts';

/** What is there behind a controller, and how it can be asked. */
export interface Ground {
  readonly layout: ControllerLayout;
  readonly abilities: Abilities;
}

/** One controller: what it told last, and the one way to ask it. */
export interface Station {
  readonly target: BmcTarget;
  readonly client: RedfishClient;
  /** Name of its node, as far as it is known. */
  readonly toldNode: () => string | undefined;
  /** Rejects with a BmcError. */
  readonly readInventory: (signal: AbortSignal) => Promise<{
    readonly inventory: ControllerInventory;
    readonly problems: readonly Problem[];
  }>;
  /** Never rejects; the status tells what came of it. */
  readonly pollSensors: (signal: AbortSignal) => Promise<void>;
  readonly pollLogs: (signal: AbortSignal) => Promise<void>;
  /** Reads the logs for a person who waits. Rejects with a BmcError. */
  readonly readLogs: (signal: AbortSignal) => Promise<LogReading>;
  readonly ground: (signal: AbortSignal) => Promise<Ground>;
  readonly countAction: (action: string, outcome: string) => void;
  readonly status: (node: string) => HardwareStatus;
  readonly stop: () => Promise<void>;
}

export interface StationDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly readFile: (path: string) => string;
}

/** Intervals after which a reading is too old to be shown. */
const staleIntervals = 3;
/** Parts hardly change, but what was read before a service must not stay for good. */
const partsStaleSeconds = 2 * 86_400;

export function createStation(target: BmcTarget, settings: RedfishSettings, deps: StationDeps): Station {
  const { clock, log } = deps;
  const client = createRedfishClient(target, settings, deps);
  const failures: Partial<Record<FailureKind, number>> = {};
  const actions = new Map<string, { readonly action: string; readonly outcome: string; readonly count: number }>();
  let ground: Ground | undefined;
  let isUp: boolean | undefined;
  let failure: BmcError | undefined;
  let sensors: SensorReading | undefined;
  let parts: PartsReading | undefined;
  let logs: LogReading | undefined;

  /** Runs a reading with the deadline, and keeps in mind how it went. */
  async function attempt<T>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
    isVital = false,
  ): Promise<T> {
    const deadline = AbortSignal.timeout(settings.deadlineSeconds * 1000);
    try {
      const result = await work(AbortSignal.any([signal, deadline]));
      if (failure !== undefined) log.info('management controller is back', { bmc: target.name });
      isUp = true;
      failure = undefined;
      return result;
    } catch (error) {
      if (signal.aborted) throw sortedError(error);
      const sorted = deadline.aborted ? tooLate() : sortedError(error);
      failed(sorted, isVital);
      throw sorted;
    }
  }

  function tooLate(): BmcError {
    return new BmcError(
      'timeout',
      `${target.name}: not read within ${settings.deadlineSeconds} s; see whether it hangs`,
    );
  }

  function failed(error: BmcError, isVital: boolean): void {
    failures[error.kind] = (failures[error.kind] ?? 0) + 1;
    ground = undefined;
    // A log that takes too long says nothing of the sensors.
    if (!isVital && !isOfAll(error)) return;
    if (failure?.kind !== error.kind)
      log.warn('management controller cannot be read', { bmc: target.name, kind: error.kind, reason: error.message });
    isUp = false;
    failure = error;
    sensors = undefined;
  }

  function lookAt(
    signal: AbortSignal,
    canExpand: boolean,
    options: { readonly isKept?: boolean; readonly isUrgent?: boolean; readonly isKnownToAnswer?: boolean } = {},
  ): Look {
    return createLook({ client, name: target.name, signal, isKept: false, canExpand, ...options });
  }

  async function readGround(signal: AbortSignal, isUrgent: boolean): Promise<Ground> {
    const root = await client.get(rootPath, { signal, isUrgent });
    const abilities = abilitiesOf(root);
    const look = lookAt(signal, abilities.canExpand, { isUrgent });
    ground = { layout: await readLayout(look, root, target.name), abilities };
    return ground;
  }

  async function inventoryNow(signal: AbortSignal) {
    const { layout, abilities } = await readGround(signal, false);
    const look = lookAt(signal, abilities.canExpand, { isKept: true, isKnownToAnswer: true });
    const inventory = await readInventory(look, layout);
    const [host = {}] = layout.hosts;
    parts = {
      takenAt: clock.now(),
      vendor: textOf(host, 'Manufacturer'),
      model: textOf(host, 'Model'),
      firmware: inventory.firmware,
      healths: inventory.healths,
    };
    return { inventory, problems: look.problems() };
  }

  async function logsNow(signal: AbortSignal, isUrgent: boolean): Promise<LogReading> {
    const { layout, abilities } = ground ?? (await readGround(signal, isUrgent));
    const look = lookAt(signal, abilities.canExpand, { isUrgent });
    logs = await readLogs(look, layout, abilities, clock);
    return logs;
  }

  function isFresh(reading: { readonly takenAt: number } | undefined, seconds: number): boolean {
    return reading !== undefined && clock.now() - reading.takenAt <= seconds;
  }

  return {
    target,
    client,
    toldNode: () =>
      target.node ?? (ground === undefined ? undefined : textOf(ground.layout.hosts[0] ?? {}, 'HostName')),
    readInventory: (signal) => attempt(signal, inventoryNow),
    pollSensors: (signal) =>
      settled(
        attempt(
          signal,
          async (bounded) => {
            const { layout, abilities } = ground ?? (await readGround(bounded, false));
            sensors = await readSensors(lookAt(bounded, abilities.canExpand), layout, clock);
          },
          true,
        ),
      ),
    pollLogs: (signal) => settled(attempt(signal, (bounded) => logsNow(bounded, false))),
    readLogs: (signal) => attempt(signal, (bounded) => logsNow(bounded, true)),
    ground: async (signal) => ground ?? (await readGround(signal, true)),
    countAction: (action, outcome) => {
      const key = `${action} ${outcome}`;
      actions.set(key, { action, outcome, count: (actions.get(key)?.count ?? 0) + 1 });
    },
    status: (node) => ({
      node,
      bmc: target.name,
      isUp,
      failure: failure?.message,
      failures: { ...failures },
      sensors: isFresh(sensors, settings.sensorsEverySeconds * staleIntervals) ? sensors : undefined,
      parts: isFresh(parts, partsStaleSeconds) ? parts : undefined,
      log: isFresh(logs, settings.logsEverySeconds * staleIntervals) ? logs : undefined,
      actions: [...actions.values()],
      maxSensors: settings.maxSensors,
    }),
    stop: client.stop,
  };
}

function isOfAll({ kind }: BmcError): boolean {
  return kind === 'unreachable' || kind === 'certificate' || kind === 'credentials';
}

/** A failed reading is in the status already. */
async function settled(reading: Promise<unknown>): Promise<void> {
  try {
    await reading;
  } catch (error) {
    if (!(error instanceof BmcError)) throw error;
  }
}
