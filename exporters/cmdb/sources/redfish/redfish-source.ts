import { setMaxListeners } from 'node:events';
import { SourceError } from '../../../../kit/errors.ts';
import { timer } from '../../../../kit/timer.ts';
import { createConfirmations } from '../../hardware/confirmation.ts';
import { type HardwareControl, HardwareRefusal } from '../../hardware/hardware-control.ts';
import type { Observation, ObserveContext, ObservedItem, Problem, Source } from '../../observation.ts';
import { defineSourceType, type SourceDeps } from '../source-type.ts';
import { createActions } from './actions.ts';
import { BmcError } from './bmc-error.ts';
import type { RedfishSettings } from './bmc-target.ts';
import { nodeNames } from './node-names.ts';
import { observeController } from './observe-controller.ts';
import { readRedfishConfig, redfishKeys } from './redfish-config.ts';
import { createStation, type Station } from './station.ts';
import { createTurnstile } from './turnstile.ts';

/** A source that also watches and steers the hardware. */
export interface RedfishSource extends Source {
  readonly hardware: HardwareControl;
  /** Begins to read sensors and logs, each in its interval, until `stop` or what it returns is called. Only one replica should. */
  readonly startWatching: () => () => void;
  readonly stop: () => Promise<void>;
}

export const redfishType = 'redfish';

export function isRedfishSource(source: Source): source is RedfishSource {
  return source.type === redfishType && 'hardware' in source;
}

const confirmSeconds = 300;

export const redfishSourceType = defineSourceType<RedfishSettings>({
  type: redfishType,
  about: 'Management controllers (BMC) of servers: what is built in, firmware, sensors and event logs, over Redfish.',
  keys: redfishKeys,
  read: readRedfishConfig,
  create: createRedfishSource,
});

export function createRedfishSource(name: string, settings: RedfishSettings, deps: SourceDeps): RedfishSource {
  const stations = settings.targets.map((target) => createStation(target, settings, deps));
  const gate = createTurnstile(settings.concurrency);
  const stopping = new AbortController();
  const confirmations = createConfirmations({ validSeconds: confirmSeconds }, deps.clock);
  const actions = createActions({ settings, confirmations, clock: deps.clock, log: deps.log });

  function every(seconds: number, index: number, poll: Station['pollSensors'], signal: AbortSignal): void {
    if (seconds === 0) return;
    const next = timer();
    signal.addEventListener('abort', next.clear, { once: true });
    const run = (): void => {
      void gate
        .pass(() => poll(signal), { signal })
        .catch((error: unknown) => {
          if (!signal.aborted) throw error;
        })
        .finally(() => {
          if (!signal.aborted) next.set(seconds, run);
        });
    };
    // Spread, so that they do not all answer at once.
    next.set((index / stations.length) * Math.min(seconds, spreadSeconds), run);
  }

  function startWatching(): () => void {
    const stopped = new AbortController();
    const signal = AbortSignal.any([stopping.signal, stopped.signal]);
    // Every controller that waits for its turn listens to it.
    setMaxListeners(0, signal);
    for (const [index, station] of stations.entries()) {
      every(settings.sensorsEverySeconds, index, station.pollSensors, signal);
      every(settings.logsEverySeconds, index, station.pollLogs, signal);
    }
    return () => stopped.abort();
  }

  function stationOf(node: string): Station {
    const found = nodeNames(stations).get(node);
    if (found !== undefined) return found;
    throw new HardwareRefusal('unknown', `no management controller is known for ${JSON.stringify(node.slice(0, 100))}`);
  }

  const hardware: HardwareControl = {
    nodes: () => [...nodeNames(stations).keys()],
    statuses: () => [...nodeNames(stations)].map(([node, station]) => station.status(node)),
    status: (node) => nodeNames(stations).get(node)?.status(node),
    plan: async (node, action, signal) => actions.plan(node, stationOf(node), action, signal),
    execute: async (node, action, token, signal) => actions.execute(node, stationOf(node), action, token, signal),
    logEntries: async (node, signal) => (await stationOf(node).readLogs(signal)).entries,
  };

  return {
    name,
    type: redfishType,
    observe: (context) => observeAll(stations, gate, context),
    hardware,
    startWatching,
    stop: async () => {
      stopping.abort();
      await Promise.all(stations.map((station) => station.stop()));
    },
  };
}

const spreadSeconds = 30;

async function observeAll(
  stations: readonly Station[],
  gate: ReturnType<typeof createTurnstile>,
  { signal: given, onProgress }: ObserveContext,
): Promise<Observation> {
  const signal = AbortSignal.any([given]);
  setMaxListeners(0, signal);
  const items: ObservedItem[] = [];
  const failedScopes: string[] = [];
  const problems: Problem[] = [];
  let done = 0;

  async function observeOne(station: Station): Promise<void> {
    const { target } = station;
    try {
      const seen = await station.readInventory(signal);
      items.push(...observeController(target, seen.inventory));
      problems.push(...seen.problems);
      // A part that could not be read must not be taken for gone.
      if (seen.problems.length > 0) failedScopes.push(target.name);
    } catch (error) {
      if (signal.aborted || !(error instanceof BmcError)) throw error;
      failedScopes.push(target.name);
      problems.push({ subject: target.name, reason: error.message });
    }
    onProgress(++done, stations.length);
  }

  await Promise.all(stations.map((station) => gate.pass(() => observeOne(station), { signal })));
  if (items.length === 0)
    throw new SourceError(
      `none of ${stations.length} management controllers could be read; the first: ${problems[0]?.reason ?? 'nothing'}`,
    );
  return { items, isComplete: true, failedScopes, problems };
}
