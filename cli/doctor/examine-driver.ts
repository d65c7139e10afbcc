import { readFileSync } from 'node:fs';
import { type NodeReading, tiers } from '../../exporters/gpu/reading.ts';
import { type NvmlChild, spawnNvmlChild } from '../../exporters/gpu/sources/nvml/child-process.ts';
import type { Answer } from '../../exporters/gpu/sources/nvml/protocol.ts';
import { timer } from '../../kit/timer.ts';
import type { DriverExam, DriverFault } from './driver-exam.ts';

export interface ExamSettings {
  readonly libraries: readonly string[];
  /** Without an answer or a step to another GPU for so long, the driver hangs. */
  readonly stepSeconds: number;
}

/** GPUs that hang or crash, after which no other process is sent to the driver. */
const mostFaults = 4;
/** What is measured between two readings needs a tenth of a second. */
const restSeconds = 0.2;
/** From the polite signal to the other one, and from that to the insight that nothing ends the process. */
const graceSeconds = 2;
const mostComplaints = 20;

/** How one process that called the driver ended. */
type Visit =
  | { readonly kind: 'done'; readonly exam: Exclude<DriverExam, { readonly kind: 'not_asked' | 'silent' }> }
  | {
      readonly kind: 'fault';
      readonly fault: DriverFault;
      readonly library: string | undefined;
      readonly isGone: boolean;
    };

/**
 * Asks the driver in a process of its own. After a GPU that hangs or crashes a new process leaves that GPU alone, so
 * that the others still tell; but a process that cannot be ended is never joined by another, which would wait for the
 * same lock of the driver.
 */
export async function examineDriver(settings: ExamSettings): Promise<DriverExam> {
  const faults: DriverFault[] = [];
  for (;;) {
    const skip = faults.flatMap(({ gpu }) => gpu ?? []);
    const visit = await visitDriver(settings, skip);
    if (visit.kind === 'done') return visit.exam.kind === 'answered' ? { ...visit.exam, faults } : visit.exam;
    faults.push(visit.fault);
    const { gpu } = visit.fault;
    const isHopeless = gpu === undefined || skip.includes(gpu) || !visit.isGone || faults.length === mostFaults;
    if (isHopeless) return { kind: 'silent', library: visit.library, faults };
  }
}

function visitDriver({ libraries, stepSeconds }: ExamSettings, skip: readonly number[]): Promise<Visit> {
  return new Promise((resolve) => {
    const timers = { step: timer(), rest: timer(), grace: timer() };
    const complaints: string[] = [];
    let library: string | undefined;
    let gpuCount = 0;
    let readings = 0;
    let result: Visit | undefined;

    const child: NvmlChild = spawnNvmlChild(
      { libraries, skip },
      {
        onProgress: startStep,
        onComplaint: (line) => {
          if (complaints.length < mostComplaints) complaints.push(line);
        },
        onAnswer,
        onExit,
      },
    );
    startStep();

    function startStep(): void {
      if (result === undefined) timers.step.set(stepSeconds, onHang);
    }

    function onHang(): void {
      conclude(fault('hung', `did not answer within ${stepSeconds} s`, true));
    }

    function onAnswer(answer: Answer): void {
      if (result !== undefined) return;
      library ??= loadedLibrary(child.pid);
      startStep();
      switch (answer.kind) {
        case 'ready':
          gpuCount = answer.gpuCount;
          collect();
          break;
        case 'reading':
          onReading(answer.reading, answer.hearsEvents);
          break;
        case 'init-failed':
        case 'driver-gone':
          conclude({
            kind: 'done',
            exam: { kind: 'unavailable', state: answer.state, message: answer.message, library },
          });
          break;
        case 'events':
          break;
      }
    }

    function collect(): void {
      child.send({ kind: 'collect', id: readings, wanted: { tiers, skip } });
    }

    function onReading(reading: NodeReading, hearsEvents: boolean): void {
      readings++;
      if (readings === 1) timers.rest.set(restSeconds, collect);
      else {
        conclude({
          kind: 'done',
          exam: { kind: 'answered', library, gpuCount, reading, hearsEvents, faults: [], complaints },
        });
      }
    }

    function fault(kind: DriverFault['kind'], how: string, isGone: boolean): Visit {
      return { kind: 'fault', fault: { kind, gpu: child.touchedGpu(), how }, library, isGone };
    }

    /** SIGKILL comes last, because a driver call that is cut short can wedge a GPU. */
    function conclude(visit: Visit): void {
      result = visit;
      timers.step.clear();
      child.terminate();
      timers.grace.set(graceSeconds, () => {
        child.kill();
        timers.grace.set(graceSeconds, () => {
          child.abandon();
          resolve(visit.kind === 'fault' ? { ...visit, isGone: false } : visit);
        });
      });
    }

    function onExit(how: string): void {
      for (const each of Object.values(timers)) each.clear();
      resolve(result ?? fault('crashed', `ended the process that called it (${how})`, true));
    }
  });
}

/** The file behind the name that was loaded; undefined if the process is gone or may not be seen. */
function loadedLibrary(pid: number | undefined): string | undefined {
  if (pid === undefined) return undefined;
  try {
    return /\/\S*libnvidia-ml\.so\S*/.exec(readFileSync(`/proc/${pid}/maps`, 'latin1'))?.[0];
  } catch {
    return undefined;
  }
}
