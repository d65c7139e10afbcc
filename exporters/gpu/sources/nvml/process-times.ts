import type { OpenGpu } from './families/family.ts';
import { createGrowingList, type ListAnswer } from './growing-list.ts';
import { classOf, returnCode } from './return-codes.ts';

/** For which share of the time each process computed since the last reading. */
export interface ProcessTimes {
  read(): SmShares;
  /** Starts again with the next reading. */
  forget(): void;
}

export interface SmShares {
  /** False where the driver does not measure single processes. */
  readonly measured: boolean;
  /** 0 to 1; undefined where there is no measurement of the process. */
  readonly of: (pid: number) => number | undefined;
}

export const notMeasured: SmShares = { measured: false, of: () => undefined };
const noShares: SmShares = { measured: true, of: () => undefined };

// nvmlProcessUtilizationSample_t: 0 u32 pid, 8 u64 time in us, 16 u32 SM in percent, 20 memory, 24 encoder, 28 decoder.
const sample = { size: 32, pidAt: 0, timeAt: 8, smAt: 16 } as const;
const mostSamples = 4096;
// Of the driver's clock and ours, which are the same but not read at the same moment.
const clockSlackMicros = 5_000_000n;

interface Sample {
  readonly pid: number;
  readonly atMicros: bigint;
  readonly percent: number;
}

export function openProcessTimes({ device, deps: { library, handle }, now }: OpenGpu): ProcessTimes {
  const list = createGrowingList(sample.size, mostSamples);
  let isOff = false;
  let isDenied = false;
  /** Time of the newest sample, by which the driver is told what we have; undefined before the first reading. */
  let lastSeen: bigint | undefined;

  /** Samples that are newer than the last reading; undefined if that cannot be told. */
  function readSamples(since: bigint, until: bigint): readonly Sample[] | undefined {
    const symbol = 'nvmlDeviceGetProcessUtilization';
    const answer = list.fill(sample.size, (count, entries) => library.call(symbol, handle, entries, count, since));
    isDenied = answer.code === returnCode.noPermission;
    if (answer.code === returnCode.notFound) return [];
    if (answer.code === returnCode.success)
      return parse(answer).filter(({ atMicros }) => atMicros > since && atMicros <= until);
    if (classOf(answer.code) === 'unsupported') isOff = true;
    else device.failed(symbol, answer.code);
    return undefined;
  }

  function withoutSamples(): SmShares {
    return isOff || isDenied ? notMeasured : noShares;
  }

  /** Nothing if the clock was set back: then what is sampled from now on is older than what we saw. */
  function seenBefore(until: bigint): bigint | undefined {
    return lastSeen !== undefined && lastSeen <= until ? lastSeen : undefined;
  }

  return {
    read() {
      if (isOff) return notMeasured;
      const until = BigInt(Math.round(now() * 1e6)) + clockSlackMicros;
      const known = seenBefore(until);
      const samples = readSamples(known ?? 0n, until);
      if (samples === undefined) return withoutSamples();
      lastSeen = newestOf(samples) ?? known ?? 0n;
      // The first list goes back to before anybody asked.
      return known === undefined ? noShares : sharesOf(samples);
    },
    forget() {
      lastSeen = undefined;
    },
  };
}

function parse({ count, entries }: ListAnswer): readonly Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const entry = entries.subarray(index * sample.size);
    return {
      pid: entry.readUInt32LE(sample.pidAt),
      atMicros: entry.readBigUInt64LE(sample.timeAt),
      percent: entry.readUInt32LE(sample.smAt),
    };
  });
}

function newestOf(samples: readonly Sample[]): bigint | undefined {
  const [first, ...rest] = samples.map(({ atMicros }) => atMicros);
  return first === undefined ? undefined : rest.reduce((newest, each) => (each > newest ? each : newest), first);
}

/**
 * A process has one sample or several, each over a part of the time, so its share is their mean. The driver leaves out processes that
 * did not compute. Some drivers answer percentages of thousands now and then, which measure nothing.
 */
function sharesOf(samples: readonly Sample[]): SmShares {
  const percents = new Map<number, number[]>();
  for (const { pid, percent } of samples) {
    const ofPid = percents.get(pid) ?? [];
    if (percent <= 100) ofPid.push(percent);
    percents.set(pid, ofPid);
  }
  return {
    measured: true,
    of(pid) {
      const ofPid = percents.get(pid);
      if (ofPid === undefined) return 0;
      return ofPid.length === 0 ? undefined : ofPid.reduce((sum, percent) => sum + percent, 0) / ofPid.length / 100;
    },
  };
}
