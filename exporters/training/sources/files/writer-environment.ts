import { jobVariables, podMark } from '../job-environment.ts';

/** What the environment of a process says about where it runs. Nothing else of it is kept. */
export interface WriterHome {
  readonly jobId: string;
  readonly namespace: string;
  readonly pod: string;
  /** Host name as the process itself has it. */
  readonly hostName: string;
}

const wanted: ReadonlySet<string> = new Set([...jobVariables, 'POD_NAME', 'POD_NAMESPACE', 'HOSTNAME', podMark]);

/** Of the text of /proc/<pid>/environ: `NAME=value` with a zero byte behind each. */
export function homeOfEnvironment(text: string): WriterHome {
  const values = new Map<string, string>();
  for (const line of text.split('\0')) {
    const [, name, value] = /^([A-Z_]{1,32})=([\w.:[\]-]{1,253})$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && wanted.has(name)) values.set(name, value);
  }
  const hostName = values.get('HOSTNAME') ?? '';
  const jobId = jobVariables.map((name) => values.get(name)).find((value) => value !== undefined) ?? '';
  const pod = values.get('POD_NAME') ?? (values.has(podMark) ? hostName : '');
  return { jobId: jobId.slice(0, 128), namespace: values.get('POD_NAMESPACE') ?? '', pod, hostName };
}
