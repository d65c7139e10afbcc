import { join } from 'node:path';
import type { ProcFiles } from './proc-file.ts';

/** A process of the proc file system. */
export interface ProcessFacts {
  readonly startedAtSeconds: number;
  /** In its own, innermost pid namespace; the same as that of the proc file system for a process of no container. */
  readonly innerPid: number;
}

/** USER_HZ, in which the kernel tells times of processes on every architecture that trains. */
const ticksPerSecond = 100;
const maxStat = 4096;
const maxStatus = 16_384;
const maxEnvironment = 262_144;
const maxKernelStat = 1_048_576;

/** Undefined if there is no such process, or it is a thread of the kernel. */
export function readProcess(
  files: ProcFiles,
  procfs: string,
  pid: number,
  bootSeconds: number,
): ProcessFacts | undefined {
  const status = files.read(join(procfs, `${pid}`, 'status'), maxStatus)?.toString('latin1');
  // Only what has memory of its own has this line; a process that ended and waits for its parent has none either.
  if (status === undefined || !/^VmSize:/m.test(status)) return undefined;
  const innerPid = Number(/^NSpid:(?:\s+\d+)*\s+(\d+)$/m.exec(status)?.[1] ?? pid);
  const stat = files.read(join(procfs, `${pid}`, 'stat'), maxStat)?.toString('latin1');
  // Field 22; the second is the name in brackets, which may hold blanks and brackets itself.
  const ticks = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  if (!Number.isFinite(ticks)) return undefined;
  return { startedAtSeconds: bootSeconds + ticks / ticksPerSecond, innerPid };
}

export async function readEnvironment(files: ProcFiles, procfs: string, pid: number): Promise<string | undefined> {
  return (await files.readMemory(join(procfs, `${pid}`, 'environ'), maxEnvironment))?.toString('utf8');
}

/** When the machine started, as Unix time. */
export function readBootTime(files: ProcFiles, procfs: string): number | undefined {
  const text = files.read(join(procfs, 'stat'), maxKernelStat)?.toString('latin1') ?? '';
  const seconds = /^btime (\d{1,12})$/m.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Pid 2 of the initial pid namespace is always kthreadd, and no other namespace shows threads of the kernel. */
export function seesHostProcesses(files: ProcFiles, procfs: string): boolean {
  const stat = files.read(join(procfs, '2', 'stat'), maxStat);
  return stat?.toString('latin1').startsWith('2 (kthreadd) ') === true;
}
