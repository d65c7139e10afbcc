import { randomBytes } from 'node:crypto';
import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import type { FakeLogEntry, FakeMachine, LiveState, ResourceTree } from './fake-machine.ts';
import { type FlavourName, flavours } from './flavours/index.ts';

/** What a fake controller can do wrong, as real ones do. */
export const bmcFaults = {
  hang: 'Takes the request and never answers.',
  html: 'Answers everything with a web page.',
  unauthorized: 'Refuses every user.',
  unavailable: 'Answers everything with status 503.',
  torn: 'Ends its JSON in the middle.',
  cycle: 'Its lists lead back to themselves.',
  lies: 'Tells no serial number, and readings that cannot be.',
  redirect: 'Sends to another host.',
  huge: 'Answers with more than anybody can hold.',
  escape: 'Its links lead to another host.',
  stuck: 'Accepts power actions and does nothing.',
  full: 'Has no session left.',
  leak: 'A detector of coolant calls critical, where there is one.',
  broken_part: 'Lists of parts answer with status 500.',
  broken_log: 'Lists of logs answer with status 500.',
  chatty: 'Its errors repeat the password.',
} as const satisfies Readonly<Record<string, string>>;
export type BmcFault = keyof typeof bmcFaults;

export interface FakeBmcSettings {
  /** Part of its address. */
  readonly name: string;
  readonly machine: FakeMachine;
  readonly flavour: FlavourName;
  readonly user: string;
  readonly password: string;
  /** How long switching on or off takes. */
  readonly transitionSeconds?: number;
  /** How long each answer takes. */
  readonly latencySeconds?: number;
  readonly entries?: readonly FakeLogEntry[];
}

/** One fake controller: what is in it, and what was asked of it. */
export interface FakeBmc {
  readonly settings: FakeBmcSettings;
  readonly faults: Set<BmcFault>;
  readonly sessions: Map<string, string>;
  readonly tree: ResourceTree;
  readonly seen: {
    requests: number;
    inFlight: number;
    mostInFlight: number;
    sessionsMade: number;
    wrongPasswords: number;
    notModified: number;
    readonly paths: string[];
    readonly actions: { readonly path: string; readonly body: unknown }[];
  };
  readonly powerState: LiveState['powerState'];
  readonly reset: (type: string) => void;
  readonly insert: (drive: string, image: string | undefined) => void;
  readonly openSession: () => { readonly token: string; readonly id: string };
  readonly entries: () => readonly FakeLogEntry[];
}

const keptPaths = 2000;

export function createFakeBmc(settings: FakeBmcSettings, now: () => number): FakeBmc {
  const { machine, flavour, transitionSeconds = 2 } = settings;
  const faults = new Set<BmcFault>();
  const media = new Map<string, string>();
  const sessions = new Map<string, string>();
  const entries = [...(settings.entries ?? usualEntries(now()))];
  /** What it is on its way to: the last of the steps whose time has come holds. */
  let steps: readonly PowerStep[] = [{ at: 0, state: 'On' }];
  let sessionNumber = 0;

  function powerState(): ReturnType<LiveState['powerState']> {
    return steps.filter(({ at }) => at <= now()).at(-1)?.state ?? 'On';
  }

  function reset(type: string): void {
    if (faults.has('stuck')) return;
    steps = stepsAfter(type, powerState(), now(), transitionSeconds) ?? steps;
    entries.push(entryAt(entries.length + 1, now(), 'OK', `The chassis was asked for ${type}.`));
  }

  const state: LiveState = {
    powerState,
    wobble: (key, middle, width) =>
      Math.round((middle + (noise(key, machine.bmc.mac.length, Math.floor(now() / 30)) - 0.5) * width) * 10) / 10,
    media: (drive) => ({ image: media.get(drive) }),
    entries: () => entries,
    faults,
  };

  return {
    settings,
    faults,
    sessions,
    tree: flavours[flavour].resources(machine, state),
    seen: {
      requests: 0,
      inFlight: 0,
      mostInFlight: 0,
      sessionsMade: 0,
      wrongPasswords: 0,
      notModified: 0,
      paths: boundedList(keptPaths),
      actions: [],
    },
    powerState,
    reset,
    insert: (drive, image) => {
      if (image === undefined) media.delete(drive);
      else media.set(drive, image);
    },
    openSession: () => {
      const token = randomBytes(16).toString('hex');
      const id = String(++sessionNumber);
      sessions.set(token, id);
      return { token, id };
    },
    entries: () => entries,
  };
}

interface PowerStep {
  readonly at: number;
  readonly state: ReturnType<LiveState['powerState']>;
}

/** Undefined where nothing changes. */
function stepsAfter(
  type: string,
  state: PowerStep['state'],
  start: number,
  seconds: number,
): readonly PowerStep[] | undefined {
  const isOn = /^(On|ForceOn)$/.test(type);
  const isOff = /^(ForceOff|GracefulShutdown)$/.test(type);
  if ((isOn && state === 'On') || (isOff && state === 'Off')) return undefined;
  const off: readonly PowerStep[] = [
    { at: start, state: 'PoweringOff' },
    { at: start + seconds, state: 'Off' },
  ];
  const upFrom = isOn ? start : start + 2 * seconds;
  const on: readonly PowerStep[] = [
    { at: upFrom, state: 'PoweringOn' },
    { at: upFrom + seconds, state: 'On' },
  ];
  if (isOn) return [{ at: 0, state }, ...on];
  return isOff ? off : [...off, ...on];
}

/** A list that forgets its oldest entries: a simulated cluster may run for weeks. */
function boundedList(max: number): string[] {
  const list: string[] = [];
  const push = list.push.bind(list);
  list.push = (...items) => {
    if (list.length >= max) list.splice(0, max / 2);
    return push(...items);
  };
  return list;
}

export function entryAt(
  id: number,
  atSeconds: number,
  severity: FakeLogEntry['severity'],
  message: string,
): FakeLogEntry {
  return { id, created: new Date(atSeconds * 1000).toISOString().replace(/\.\d+Z$/, '+00:00'), severity, message };
}

const daySeconds = 86_400;

function usualEntries(now: number): readonly FakeLogEntry[] {
  return [
    entryAt(1, now - 30 * daySeconds, 'OK', 'The log was cleared.'),
    entryAt(2, now - 12 * daySeconds, 'Warning', 'Power supply 2 lost its input.'),
    entryAt(3, now - 12 * daySeconds + 300, 'OK', 'Power supply 2 has its input again.'),
  ];
}
