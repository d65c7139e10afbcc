import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Container, containerOf } from './container.ts';
import type { DriverExam } from './driver-exam.ts';
import type { DoctorOptions } from './options.ts';

/** Node.js and the C library that it runs on. */
export interface Runtime {
  readonly node: string;
  readonly platform: string;
  /** Undefined where the C library is another one, such as musl. */
  readonly glibc: string | undefined;
}

/** All that checks start from. */
export interface Machine {
  readonly options: DoctorOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  readonly runtime: Runtime;
  /** Undefined on the machine itself. */
  readonly container: Container | undefined;
  readonly driver: DriverExam;
  /** Folder of the device files. */
  readonly dev: string;
  /** Of this very process, which is not always in the proc file system of the host. */
  readonly ownStatusFile: string;
  readonly userId: number | undefined;
  /** What one source may take to answer. */
  readonly patienceSeconds: number;
}

/** Where traces of the machine are looked for. */
export interface Places {
  readonly root: string;
  readonly ownCgroupFile: string;
}

export function runtimeOf({ platform, versions, report }: NodeJS.Process): Runtime {
  const header: unknown = 'header' in report.getReport() ? Object(report.getReport()).header : undefined;
  return { node: versions.node, platform, glibc: glibcOf(header) };
}

function glibcOf(header: unknown): string | undefined {
  if (typeof header !== 'object' || header === null || !('glibcVersionRuntime' in header)) return undefined;
  return String(header.glibcVersionRuntime);
}

export function findContainer(env: Machine['env'], { root, ownCgroupFile }: Places): Container | undefined {
  return containerOf({
    isKubernetes: env['KUBERNETES_SERVICE_HOST'] !== undefined,
    hasDockerenv: existsSync(join(root, '.dockerenv')),
    hasContainerenv: existsSync(join(root, 'run', '.containerenv')),
    manager: env['container'],
    cgroup: textOrNothing(ownCgroupFile),
  });
}

function textOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
