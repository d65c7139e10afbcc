import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceError } from '../../../../kit/errors.ts';
import type { ProcessHome } from '../../attribution/attribution.ts';
import type { ProcessHomes } from '../../attribution/inputs.ts';
import { homeOfCgroup } from './cgroup-home.ts';
import { readProcFile } from './proc-file.ts';

/** Processes beyond this number are left out. */
export const maxProcesses = 4096;

const maxStatBytes = 4096;
const maxCgroupBytes = 65_536;
/** The kernel keeps 15 bytes of a name. */
const maxNameBytes = 64;

interface Known {
  /** In clock ticks since boot; with the pid it tells a process from all others. */
  readonly startTicks: string;
  readonly home: ProcessHome;
}

/** Reads a process once and then only looks whether it is still the same one; `procfs` is where the proc file system is. */
export function createProcessHomes({ procfs }: { readonly procfs: string }): ProcessHomes {
  let known: ReadonlyMap<number, Known> = new Map();

  return {
    find: async (pids) => {
      const wanted = [...new Set(pids)].filter((pid) => Number.isSafeInteger(pid) && pid > 0).slice(0, maxProcesses);
      const found = new Map<number, Known>();
      for (const pid of wanted) {
        const one = await look(join(procfs, `${pid}`), known.get(pid));
        if (one !== undefined) found.set(pid, one);
      }
      if (wanted.length > 0 && found.size === 0) await requireProcfs(procfs);
      known = found;
      return new Map([...found].map(([pid, { home }]) => [pid, home]));
    },
  };
}

/** Undefined if the process is gone, or if another one got its pid while it was read. */
async function look(folder: string, before: Known | undefined): Promise<Known | undefined> {
  const startTicks = await startTicksOf(folder);
  if (startTicks === undefined) return undefined;
  if (before?.startTicks === startTicks) return before;
  const home = await homeOf(folder);
  if (home === undefined || (await startTicksOf(folder)) !== startTicks) return undefined;
  return { startTicks, home };
}

/** Field 22 of /proc/<pid>/stat. The second field is the name in brackets, which may hold blanks and brackets itself. */
async function startTicksOf(folder: string): Promise<string | undefined> {
  const stat = (await readProcFile(join(folder, 'stat'), maxStatBytes))?.toString('latin1');
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks !== undefined && /^\d+$/.test(ticks) ? ticks : undefined;
}

/** A kernel without cgroups has no such file; the processes are bare then. */
async function homeOf(folder: string): Promise<ProcessHome | undefined> {
  const cgroup = await readProcFile(join(folder, 'cgroup'), maxCgroupBytes);
  const home = cgroup && homeOfCgroup(cgroup.toString('utf8'));
  if (home !== undefined) return home;
  const comm = await readProcFile(join(folder, 'comm'), maxNameBytes);
  return comm && { kind: 'bare', name: printable(comm.toString('utf8')) };
}

/** A process may call itself anything: control characters, those that turn the direction of text, or nothing at all. */
function printable(name: string): string {
  const clean = name.replace(/\n$/, '').replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
  return clean.trim() === '' ? 'unknown' : clean;
}

/**
 * Whether the pids that the driver names can be looked up: they are those of the initial pid namespace, in which pid 2 is always the
 * kernel thread kthreadd and which is the only one that shows kernel threads. Unlike the number of the namespace of this process
 * (`<procfs>/self/ns/pid`, PROC_PID_INIT_INO 0xEFFFFFFC in the kernel's proc_ns.h), this is also right for a /proc of the host that is
 * mounted in a container, and where hidepid hides the processes of others.
 */
export async function canSeeHostProcesses(procfs: string): Promise<boolean> {
  const stat = await readProcFile(join(procfs, '2', 'stat'), maxStatBytes);
  return stat?.toString('latin1').startsWith('2 (kthreadd) ') === true;
}

async function requireProcfs(procfs: string): Promise<void> {
  try {
    await lstat(join(procfs, 'self'));
  } catch (cause) {
    const remedy = 'mount /proc of the host there or set --path.procfs to where it is';
    throw new SourceError(`${procfs} is not a proc file system: ${remedy}`, { cause });
  }
}
