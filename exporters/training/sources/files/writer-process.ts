import { setImmediate } from 'node:timers/promises';
import type { EventFileWriter } from './event-file-name.ts';
import type { ProcFiles } from './proc-file.ts';
import { type ProcessFacts, readBootTime, readEnvironment, readProcess, seesHostProcesses } from './process-facts.ts';
import { homeOfEnvironment, type WriterHome } from './writer-environment.ts';

export interface WriterFacts {
  /** Undefined where nobody can tell. */
  readonly alive: boolean | undefined;
  /** Where it runs, if its environment may be read. */
  readonly home: WriterHome | undefined;
}

/** Looks for the processes that write event files. */
export interface WriterProcesses {
  /** Begins a look: what was found in the last one is looked up anew. */
  readonly begin: () => void;
  readonly find: (writer: EventFileWriter) => Promise<WriterFacts>;
}

interface Settings {
  readonly procfs: string;
  /** Of this machine. */
  readonly hostName: string;
}

/** A writer starts before its file. Beyond this the pid was taken by another; clocks are set a little now and then. */
const toleranceSeconds = 30;
/** Further processes in containers are not looked at. */
const maxProcesses = 16_384;
/** Others get their turn after so many. */
const processesAtOnce = 64;
const maxRemembered = 10_000;

const unknown: WriterFacts = { alive: undefined, home: undefined };

interface Found {
  readonly pid: number;
  readonly facts: ProcessFacts;
}

export function createWriterProcesses({ procfs, hostName }: Settings, files: ProcFiles): WriterProcesses {
  /** Writers that were seen alive: of these nobody needs to guess any more. */
  const seen = new Set<string>();
  let bootSeconds: number | undefined;
  let seesHost: boolean | undefined;
  let contained: Promise<ReadonlyMap<number, readonly Found[]>> | undefined;

  function look(pid: number): ProcessFacts | undefined {
    bootSeconds ??= readBootTime(files, procfs);
    return bootSeconds === undefined ? undefined : readProcess(files, procfs, pid, bootSeconds);
  }

  async function homeOf(pid: number): Promise<WriterHome | undefined> {
    const text = await readEnvironment(files, procfs, pid);
    return text === undefined || text === '' ? undefined : homeOfEnvironment(text);
  }

  /** Processes of containers, by the pid that they have there. */
  async function findContained(): Promise<ReadonlyMap<number, readonly Found[]>> {
    const found = new Map<number, Found[]>();
    const pids = (await files.list(procfs)).filter((name) => /^\d{1,10}$/.test(name)).map(Number);
    for (const [index, pid] of pids.slice(0, maxProcesses).entries()) {
      if (index % processesAtOnce === 0) await setImmediate();
      const facts = look(pid);
      if (facts === undefined || facts.innerPid === pid) continue;
      found.set(facts.innerPid, [...(found.get(facts.innerPid) ?? []), { pid, facts }]);
    }
    return found;
  }

  /** Whether a container of this machine may hold it; the facts if one does. */
  async function inContainer(writer: EventFileWriter, pid: number): Promise<WriterFacts | 'maybe' | 'no'> {
    seesHost ??= seesHostProcesses(files, procfs);
    if (!seesHost) return 'maybe';
    contained ??= findContained();
    const candidates = ((await contained).get(pid) ?? []).filter(({ facts }) => isOldEnough(facts, writer));
    for (const candidate of candidates) {
      const home = await homeOf(candidate.pid);
      if (home?.hostName === writer.host) return { alive: true, home };
    }
    return candidates.length > 0 ? 'maybe' : 'no';
  }

  async function onMachine(writer: EventFileWriter, pid: number): Promise<WriterFacts | undefined> {
    if (writer.host !== hostName) return undefined;
    const facts = look(pid);
    if (facts?.innerPid !== pid || !isOldEnough(facts, writer)) return undefined;
    return { alive: true, home: await homeOf(pid) };
  }

  async function find(writer: EventFileWriter, pid: number): Promise<WriterFacts> {
    const found = (await onMachine(writer, pid)) ?? (await inContainer(writer, pid));
    if (found !== 'maybe' && found !== 'no') return found;
    // A container that shares the name of the machine has pids of its own, so one that was never seen may be in there.
    const isGone = seen.has(keyOf(writer)) || (writer.host === hostName && found === 'no');
    return isGone ? { alive: false, home: undefined } : unknown;
  }

  return {
    begin: () => {
      bootSeconds = undefined;
      seesHost = undefined;
      contained = undefined;
    },
    find: async (writer) => {
      if (writer.pid === undefined) return unknown;
      const facts = await find(writer, writer.pid);
      if (facts.alive === true && seen.size < maxRemembered) seen.add(keyOf(writer));
      return facts;
    },
  };
}

function isOldEnough({ startedAtSeconds }: ProcessFacts, writer: EventFileWriter): boolean {
  return startedAtSeconds <= writer.startedAtSeconds + toleranceSeconds;
}

function keyOf({ host, pid, startedAtSeconds }: EventFileWriter): string {
  return `${host} ${pid} ${startedAtSeconds}`;
}
