import { parseCapture } from '../../../../../exporters/gpu/sources/capture/parse-capture.ts';
import { printCapture } from '../../../../../exporters/gpu/sources/capture/print-capture.ts';
import { recordingLibrary } from '../../../../../exporters/gpu/sources/capture/record.ts';
import { type ReplayLibrary, replayLibrary } from '../../../../../exporters/gpu/sources/capture/replay.ts';
import type { Argument, Library } from '../../../../../exporters/gpu/sources/nvml/library.ts';
import type { SymbolName } from '../../../../../exporters/gpu/sources/nvml/symbols.ts';

const success = 0;
const notSupported = 3;
const notFound = 6;
const insufficientSize = 7;

/** A library of which a test writes only what it needs; handles are given in the order in which they are asked for. */
function fakeLibrary(answer: (symbol: SymbolName, args: readonly Argument[]) => number): Library {
  let handles = 0x7f00n;
  const giving = /HandleByIndex|SampleAlloc|EventSetCreate/;
  return {
    name: 'fake',
    call(symbol, ...args) {
      const code = answer(symbol, args);
      const last = args.at(-1);
      if (code === success && giving.test(symbol) && typeof last === 'object') last.writeBigUInt64LE(handles++);
      return code;
    },
  };
}

function handle(library: Library, symbol: SymbolName, ...args: readonly Argument[]): bigint {
  const memory = Buffer.alloc(8);
  expect(library.call(symbol, ...args, memory)).toBe(success);
  return memory.readBigUInt64LE();
}

function replayOf(recording: ReturnType<typeof recordingLibrary>): ReplayLibrary {
  return replayLibrary(parseCapture('a.json', printCapture(recording.capture('recorded'))));
}

describe('GPM metrics', () => {
  interface Metrics {
    readonly code: number;
    readonly metrics: readonly (readonly [code: number, value: number])[];
  }

  /** Two samples, and then the metrics with these ids between them. */
  function measure(library: Library, take: (sample: bigint) => number, ids: readonly number[]): Metrics {
    const samples = [handle(library, 'nvmlGpmSampleAlloc'), handle(library, 'nvmlGpmSampleAlloc')] as const;
    for (const sample of samples) expect(take(sample)).toBe(success);
    const struct = Buffer.alloc(24 + 40 * 333);
    struct.writeUInt32LE(1, 0);
    struct.writeUInt32LE(ids.length, 4);
    struct.writeBigUInt64LE(samples[0], 8);
    struct.writeBigUInt64LE(samples[1], 16);
    for (const [at, id] of ids.entries()) struct.writeUInt32LE(id, 24 + 40 * at);
    const code = library.call('nvmlGpmMetricsGet', struct);
    for (const sample of samples) library.call('nvmlGpmSampleFree', sample);
    return {
      code,
      metrics: ids.map((_, at) => [struct.readUInt32LE(28 + 40 * at), struct.readDoubleLE(32 + 40 * at)] as const),
    };
  }

  /** Metrics are 1000 * target + id, those above 50 are not supported; the target is the handle or the instance of the last sample. */
  function gpmLibrary(): Library {
    let target = 0;
    return fakeLibrary((symbol, args) => {
      if (symbol === 'nvmlGpmSampleGet') target = Number(args[0]) - 0x7f00;
      if (symbol === 'nvmlGpmMigSampleGet') target = 10 * Number(args[1]);
      const [struct] = args;
      if (symbol === 'nvmlGpmMetricsGet' && typeof struct === 'object') fill(struct, 1000 * target);
      return success;
    });
  }

  function fill(struct: Buffer, first: number): void {
    for (let at = 0; at < struct.readUInt32LE(4); at++) {
      const id = struct.readUInt32LE(24 + 40 * at);
      struct.writeUInt32LE(id > 50 ? notSupported : success, 28 + 40 * at);
      if (id <= 50) struct.writeDoubleLE(first + id, 32 + 40 * at);
    }
  }

  test('belong to the GPU, the MIG device or the GPU instance that the samples were taken of', () => {
    const recording = recordingLibrary(gpmLibrary());
    const gpu = handle(recording, 'nvmlDeviceGetHandleByIndex_v2', 0);
    const mig = handle(recording, 'nvmlDeviceGetMigDeviceHandleByIndex', gpu, 3);
    measure(recording, (sample) => recording.call('nvmlGpmSampleGet', gpu, sample), [1, 2, 60]);
    measure(recording, (sample) => recording.call('nvmlGpmSampleGet', mig, sample), [1]);
    measure(recording, (sample) => recording.call('nvmlGpmMigSampleGet', gpu, 7, sample), [1]);

    const replay = replayOf(recording);
    const [gpuAgain] = [handle(replay, 'nvmlDeviceGetHandleByIndex_v2', 0)];
    const migAgain = handle(replay, 'nvmlDeviceGetMigDeviceHandleByIndex', gpuAgain, 3);
    const ofInstance = measure(replay, (sample) => replay.call('nvmlGpmMigSampleGet', gpuAgain, 7, sample), [1]);
    const ofMig = measure(replay, (sample) => replay.call('nvmlGpmSampleGet', migAgain, sample), [1]);
    const ofGpu = measure(replay, (sample) => replay.call('nvmlGpmSampleGet', gpuAgain, sample), [60, 2, 1, 5]);
    expect(ofInstance).toEqual({ code: success, metrics: [[success, 70_001]] });
    expect(ofMig).toEqual({ code: success, metrics: [[success, 1001]] });
    expect(ofGpu.metrics).toEqual([
      [notSupported, 0],
      [success, 2],
      [success, 1],
      [notSupported, 0],
    ]);
  });

  test('a count beyond the memory is not followed', () => {
    const recording = recordingLibrary(gpmLibrary());
    const gpu = handle(recording, 'nvmlDeviceGetHandleByIndex_v2', 0);
    measure(recording, (sample) => recording.call('nvmlGpmSampleGet', gpu, sample), [1]);
    const replay = replayOf(recording);
    const again = handle(replay, 'nvmlDeviceGetHandleByIndex_v2', 0);
    const sample = handle(replay, 'nvmlGpmSampleAlloc');
    replay.call('nvmlGpmSampleGet', again, sample);
    const struct = Buffer.alloc(24 + 40);
    struct.writeUInt32LE(4_000_000_000, 4);
    struct.writeBigUInt64LE(sample, 16);
    struct.writeUInt32LE(1, 24);
    expect(replay.call('nvmlGpmMetricsGet', struct)).toBe(success);
    expect(struct.readDoubleLE(32)).toBe(1);
  });

  test('a sample that was given back is no handle any more', () => {
    const recording = recordingLibrary(gpmLibrary());
    const gpu = handle(recording, 'nvmlDeviceGetHandleByIndex_v2', 0);
    measure(recording, (sample) => recording.call('nvmlGpmSampleGet', gpu, sample), [1]);
    const replay = replayOf(recording);
    const again = handle(replay, 'nvmlDeviceGetHandleByIndex_v2', 0);
    const sample = handle(replay, 'nvmlGpmSampleAlloc');
    const struct = Buffer.alloc(64);
    struct.writeBigUInt64LE(sample, 16);
    expect(replay.call('nvmlGpmSampleGet', again, sample)).toBe(success);
    expect(replay.call('nvmlGpmMetricsGet', struct)).toBe(success);
    expect(replay.call('nvmlGpmSampleFree', sample)).toBe(success);
    expect(replay.call('nvmlGpmMetricsGet', struct)).toBe(2);
  });
});

describe('lists of processes', () => {
  const processes = [
    { pid: 4242, used: 5_000_000_000n, instance: 0xffff_ffff },
    { pid: 4243, used: 0xffff_ffff_ffff_ffffn, instance: 2 },
    { pid: 4244, used: 1n, instance: 3 },
  ];

  function listing(entrySize: number): Library {
    return fakeLibrary((symbol, args) => {
      const [count, entries] = args.filter((arg) => typeof arg === 'object');
      if (!symbol.includes('RunningProcesses') || count === undefined || entries === undefined) return success;
      const room = count.readUInt32LE();
      count.writeUInt32LE(processes.length);
      if (room < processes.length) return insufficientSize;
      processes.forEach(({ pid, used, instance }, at) => {
        entries.writeUInt32LE(pid, at * entrySize);
        entries.writeBigUInt64LE(used, at * entrySize + 8);
        if (entrySize >= 24) entries.writeUInt32LE(instance, at * entrySize + 16);
      });
      return success;
    });
  }

  /** As callers do: with room for entries of any size, and once more if that is too little. */
  function list(library: Library, symbol: SymbolName): readonly unknown[] {
    const gpu = handle(library, 'nvmlDeviceGetHandleByIndex_v2', 0);
    const count = Buffer.alloc(4);
    count.writeUInt32LE(1);
    const first = [library.call(symbol, gpu, count, Buffer.alloc(32)), count.readUInt32LE()];
    count.writeUInt32LE(9);
    const entries = Buffer.alloc(32 * 9);
    return [first, library.call(symbol, gpu, count, entries), count.readUInt32LE(), entries.toString('hex')];
  }

  test.each<[SymbolName, number]>([
    ['nvmlDeviceGetComputeRunningProcesses', 16],
    ['nvmlDeviceGetComputeRunningProcesses_v2', 24],
    ['nvmlDeviceGetGraphicsRunningProcesses_v3', 24],
    ['nvmlDeviceGetComputeRunningProcesses_v3', 32],
  ])('%s with entries of %i bytes', (symbol, entrySize) => {
    const recording = recordingLibrary(listing(entrySize));
    const said = list(recording, symbol);
    expect(said.slice(0, 2)).toEqual([[insufficientSize, 3], success]);
    const [first, code, count, hex] = list(replayOf(recording), symbol);
    expect([first, code, count]).toEqual(said.slice(0, 3));
    const withoutCompute = (text: unknown) => Buffer.from(String(text), 'hex').subarray(0, 3 * entrySize);
    const [replayed, original] = [withoutCompute(hex), withoutCompute(said[3])];
    for (const at of [0, 1, 2]) {
      const size = entrySize >= 24 ? 20 : 16;
      expect(replayed.subarray(at * entrySize, at * entrySize + size)).toEqual(
        original.subarray(at * entrySize, at * entrySize + size),
      );
    }
  });

  describe('with the time that they computed', () => {
    /** Samples at 10 s and 10.5 s, and one more at 11 s for who has seen those. */
    const sampling = fakeLibrary((symbol, args) => {
      const [entries, count] = args.filter((arg) => typeof arg === 'object');
      const since = Number(args.at(-1));
      if (symbol !== 'nvmlDeviceGetProcessUtilization' || count === undefined || entries === undefined) return success;
      const micros = [10_000_000, 10_500_000, 11_000_000].filter((time) => time > since).slice(0, 2);
      if (micros.length === 0) return notFound;
      count.writeUInt32LE(micros.length);
      for (const [at, time] of micros.entries()) {
        entries.writeUInt32LE(77, at * 32);
        entries.writeBigUInt64LE(BigInt(time), at * 32 + 8);
        entries.writeUInt32LE(40 + at, at * 32 + 16);
      }
      return success;
    });

    function samples(
      library: Library,
      since: bigint,
    ): { readonly code: number; readonly sm: number[]; newest: bigint } {
      const gpu = handle(library, 'nvmlDeviceGetHandleByIndex_v2', 0);
      const [entries, count] = [Buffer.alloc(32 * 8), Buffer.alloc(4)];
      count.writeUInt32LE(8);
      const code = library.call('nvmlDeviceGetProcessUtilization', gpu, entries, count, since);
      const found = Array.from({ length: code === success ? count.readUInt32LE() : 0 }, (_, at) => at * 32);
      const times = found.map((at) => entries.readBigUInt64LE(at + 8));
      expect(times.every((time) => time > since)).toBe(true);
      return { code, sm: found.map((at) => entries.readUInt32LE(at + 16)), newest: times.at(-1) ?? since };
    }

    test('are newer than what the caller has seen, however late it is', () => {
      const recording = recordingLibrary(sampling);
      expect(samples(recording, 0n)).toMatchObject({ sm: [40, 41], newest: 10_500_000n });
      recording.nextRound();
      expect(samples(recording, 10_500_000n)).toMatchObject({ sm: [40], newest: 11_000_000n });

      const replay = replayOf(recording);
      const first = samples(replay, 0n);
      expect(first.sm).toEqual([40, 41]);
      replay.nextRound();
      const second = samples(replay, first.newest);
      expect(second.sm).toEqual([40]);
      expect(samples(replay, second.newest).sm).toEqual([40]);
    });

    test('leave out entries that the driver never filled in', () => {
      const [now, never] = [1_700_000_000_000_000n, 0n];
      const recording = recordingLibrary(
        fakeLibrary((symbol, args) => {
          const [entries, count] = args.filter((arg) => typeof arg === 'object');
          if (symbol !== 'nvmlDeviceGetProcessUtilization') return success;
          count?.writeUInt32LE(2);
          for (const [at, time] of [now, never].entries()) entries?.writeBigUInt64LE(time, at * 32 + 8);
          return success;
        }),
      );
      const gpu = handle(recording, 'nvmlDeviceGetHandleByIndex_v2', 0);
      const count = Buffer.from([8, 0, 0, 0]);
      recording.call('nvmlDeviceGetProcessUtilization', gpu, Buffer.alloc(32 * 8), count, 0n);
      expect(samples(replayOf(recording), 0n)).toMatchObject({ sm: [0], newest: 1_000_000n });
    });

    test('are none where there was nothing newer', () => {
      const recording = recordingLibrary(sampling);
      expect(samples(recording, 11_000_000n).code).toBe(notFound);
      expect(samples(replayOf(recording), 0n).code).toBe(notFound);
    });
  });
});

test('events are not replayed', () => {
  const recording = recordingLibrary(fakeLibrary(() => success));
  const set = handle(recording, 'nvmlEventSetCreate');
  expect(recording.call('nvmlEventSetWait_v2', set, Buffer.alloc(32), 0)).toBe(success);
  recording.call('nvmlEventSetFree', set);
  const replay = replayOf(recording);
  const again = handle(replay, 'nvmlEventSetCreate');
  expect(replay.call('nvmlEventSetWait_v2', again, Buffer.alloc(32), 0)).toBe(10);
  expect(replay.call('nvmlEventSetFree', again)).toBe(success);
});
