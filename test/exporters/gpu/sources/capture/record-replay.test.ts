import fc from 'fast-check';
import type { GpuReading, NodeReading } from '../../../../../exporters/gpu/reading.ts';
import type { Capture } from '../../../../../exporters/gpu/sources/capture/capture.ts';
import { parseCapture } from '../../../../../exporters/gpu/sources/capture/parse-capture.ts';
import { printCapture } from '../../../../../exporters/gpu/sources/capture/print-capture.ts';
import { recordingLibrary } from '../../../../../exporters/gpu/sources/capture/record.ts';
import { replayLibrary } from '../../../../../exporters/gpu/sources/capture/replay.ts';
import type { Argument, Library } from '../../../../../exporters/gpu/sources/nvml/library.ts';
import type { SymbolName } from '../../../../../exporters/gpu/sources/nvml/symbols.ts';
import { type FakeBoard, takeFakeCapture } from '../../../../support/captures/take-fake-capture.ts';
import { closeFakeSessions, openFakeSession, removeFakeState } from '../nvml/fake-session.ts';
import { replayedReadings } from './replayed-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

/** Through the text of a file, as captures are handed on. */
function handedOn(capture: Capture): Capture {
  return parseCapture('capture.json', printCapture(capture));
}

function readDirectly({ lines, aSecondLater = [], without = [] }: FakeBoard): readonly NodeReading[] {
  let seconds = 0;
  const { session, setState } = openFakeSession(lines, { without, monotonic: () => seconds });
  const first = session.collect();
  seconds += 1;
  setState([...lines, ...aSecondLater]);
  return [first, session.collect()];
}

/** What must be the same in a replay: all but the names, the times and the costs. */
function comparable(readings: readonly NodeReading[]): unknown {
  return readings.map(({ versions, gpus }) => ({ versions, gpus: gpus.map(withoutNames) }));
}

function withoutNames({ uuid: _uuid, identity, mig, processes, ...rest }: GpuReading): unknown {
  return {
    ...rest,
    identity: { ...identity, serial: undefined },
    mig: mig && { ...mig, instances: mig.instances.map((instance) => ({ ...instance, uuid: undefined })) },
    processes: processes && { ...processes, list: processes.list.map((each) => ({ ...each, pid: undefined })) },
  };
}

const boards: Readonly<Record<string, FakeBoard>> = {
  'eight healthy GPUs': { lines: [] },
  'values that change within the second': {
    lines: ['count=2'],
    aSecondLater: ['all.temperature=88', 'all.energy_mj=9007199254999', 'all.power_mw=0'],
  },
  'a GPU that is lost within the second': { lines: ['count=2'], aSecondLater: ['gpu.1=lost'] },
  'a GPU that was lost before': { lines: ['count=2', 'gpu.0=reset_required'] },
  'ECC that is off': { lines: ['count=1', 'ecc=off'] },
  'ECC entries that the driver does not write': { lines: ['count=1', 'ecc=untouched'] },
  'a board with little support': {
    lines: ['count=1', 'unsupported=serial', 'unsupported=fan', 'unsupported=energy', 'unsupported=memory_temperature'],
  },
  'structs of an older driver': {
    lines: ['count=2', 'version_mismatch=memory_v2', 'version_mismatch=temperature_v'],
  },
  'calls and fields that fail': {
    lines: ['count=2', 'gpu.0.error.nvmlDeviceGetPowerUsage=999', 'gpu.1.field.82=17'],
  },
  'a batch that fails': { lines: ['count=1', 'error.nvmlDeviceGetFieldValues=999'] },
  'links that are down and links with errors': {
    lines: ['count=1', 'all.nvlinks_down=6', 'all.nvlink_replays=3'],
    aSecondLater: ['all.nvlink_tx_kib=7000009000'],
  },
  'a GPU in MIG mode whose instances change within the second': {
    lines: [
      'count=2',
      'gpu.1.mig=1',
      'gpu.1.mig.0=1:0:3g.40gb',
      'gpu.1.mig.3=9:0:1g.10gb',
      'gpu.1.gpm_instance.9.2=12.5',
    ],
    aSecondLater: ['gpu.1.mig.0=2:0:4g.40gb', 'gpu.1.process=4242:1000000000:-1:2:compute'],
  },
  'a GPU without GPM, and metrics that fail': {
    lines: ['count=2', 'gpu.0.gpm=0', 'gpu.1.gpm_error.5=999', 'gpu.1.gpm.10=nan'],
  },
  'processes with the time that they computed': {
    lines: ['count=1', 'gpu.0.process=4242:5000000000', 'gpu.0.process=4243:unknown:-1:-:graphics'],
    aSecondLater: ['gpu.0.sample=4242:1700000000100000:40', 'gpu.0.sample=4242:1700000000200000:60'],
  },
  'more processes than fit at first, in long entries': {
    lines: ['count=1', 'process_struct=32', 'all.process_count=40', 'unsupported=process_utilization'],
    without: ['PROCESS_DETAILS'],
  },
  'a licensed vGPU': {
    lines: ['count=1', 'all.virtualization=2', 'all.licence_supported=1', 'all.licensed=1'],
  },
  'a library without newer functions': {
    lines: ['count=1'],
    without: ['MEMORY_V2', 'TEMPERATURE_V', 'FIELD_VALUES', 'CLOCKS_EVENT_REASONS', 'EVENTS'],
  },
};

test.each(Object.keys(boards))('a replay reads what the driver said: %s', async (name) => {
  const board = boards[name] ?? { lines: [] };
  const capture = handedOn(await takeFakeCapture(board));
  expect(capture.rounds).toBe(2);
  expect(comparable(replayedReadings(capture))).toEqual(comparable(readDirectly(board)));
});

test('after its last round a replay stays as it is', async () => {
  const capture = await takeFakeCapture({ lines: ['count=1'], aSecondLater: ['all.temperature=88'] });
  const celsius = replayedReadings(capture, 4).map(({ gpus }) => gpus[0]?.thermal?.coreCelsius);
  expect(celsius).toEqual([55, 88, 88, 88]);
});

test('a function that the library lacks is missing in the replay too, others are not supported', async () => {
  const library = replayLibrary(await takeFakeCapture({ lines: ['count=1'], without: ['MEMORY_V2'] }));
  const handle = Buffer.alloc(8);
  expect(library.call('nvmlDeviceGetHandleByIndex_v2', 0, handle)).toBe(0);
  const gpu = handle.readBigUInt64LE();
  expect(library.call('nvmlDeviceGetMemoryInfo_v2', gpu, Buffer.alloc(40))).toBe(13);
  expect(library.call('nvmlDeviceGetClockInfo', gpu, 7, Buffer.alloc(4))).toBe(3);
  expect(library.call('nvmlDeviceGetHandleByIndex_v2', 5, handle)).toBe(3);
});

test('a handle that was never given is an invalid argument', async () => {
  const library = replayLibrary(await takeFakeCapture({ lines: ['count=1'] }));
  expect(library.call('nvmlDeviceGetPowerUsage', 12345n, Buffer.alloc(4))).toBe(2);
  expect(library.call('nvmlDeviceGetFieldValues', 12345n, 1, Buffer.alloc(40))).toBe(2);
});

describe('memory that cannot take the answer is not written', () => {
  const capture: Capture = {
    origin: 'recorded',
    symbols: [],
    rounds: 1,
    devices: new Map([
      [
        'system',
        new Map([
          ['nvmlSystemGetDriverVersion', [{ code: 0, output: { kind: 'text', text: '580.65.06' } }]],
          ['nvmlDeviceGetCount_v2', [{ code: 0, output: { kind: 'values', values: [2n ** 32n] } }]],
          ['nvmlSystemGetCudaDriverVersion', [{ code: 0, output: { kind: 'values', values: [Buffer.alloc(40, 1)] } }]],
        ]),
      ],
    ]),
  };

  test.each<[string, SymbolName, number]>([
    ['a text', 'nvmlSystemGetDriverVersion', 9],
    ['a number', 'nvmlDeviceGetCount_v2', 4],
    ['a struct', 'nvmlSystemGetCudaDriverVersion', 39],
  ])('%s', (_what, symbol, size) => {
    const memory = Buffer.alloc(size, 7);
    expect(
      replayLibrary(capture).call(symbol, memory, ...(symbol === 'nvmlSystemGetDriverVersion' ? [size] : [])),
    ).toBe(7);
    expect(memory).toEqual(Buffer.alloc(size, 7));
  });
});

describe('whatever a library answers, its replay answers the same', () => {
  interface Scripted {
    readonly symbol: SymbolName;
    readonly gpu: number;
    readonly selectors: readonly number[];
    readonly code: number;
    readonly outputs: readonly Uint8Array[];
  }

  const u32s: readonly SymbolName[] = ['nvmlDeviceGetPowerUsage', 'nvmlDeviceGetFanSpeed'];
  const u64s: readonly SymbolName[] = ['nvmlDeviceGetTotalEnergyConsumption', 'nvmlDeviceGetUtilizationRates'];
  const structs: readonly SymbolName[] = ['nvmlDeviceGetPciInfo_v3', 'nvmlDeviceGetMemoryInfo'];
  const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
  const codes = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constantFrom(3, 13, 15, 999, 4321));
  const gpus = fc.nat({ max: 2 });

  function scripted(symbols: readonly SymbolName[], selectors: number, sizes: readonly number[]) {
    return fc.record<Scripted>({
      symbol: fc.constantFrom(...symbols),
      gpu: gpus,
      selectors: fc.array(fc.nat({ max: 5 }), { minLength: selectors, maxLength: selectors }),
      code: codes,
      outputs: fc.tuple(...sizes.map(bytes)),
    });
  }

  const call = fc.oneof(
    scripted(u32s, 0, [4]),
    scripted(u64s, 0, [8]),
    scripted(structs, 0, [68]),
    scripted(['nvmlDeviceGetPowerManagementLimitConstraints'], 0, [4, 4]),
    scripted(['nvmlDeviceGetTemperatureThreshold'], 1, [4]),
    scripted(['nvmlDeviceGetTotalEccErrors'], 2, [8]),
  );
  const keyOf = ({ symbol, gpu, selectors }: Omit<Scripted, 'code' | 'outputs'>) => `${gpu} ${symbol} ${selectors}`;

  function libraryOf(script: readonly Scripted[]): Library {
    const answers = new Map(script.map((each) => [keyOf(each), each]));
    return {
      name: 'scripted',
      call(symbol, ...args) {
        const numbers = args.filter((arg) => typeof arg === 'number');
        const buffers = args.filter((arg) => typeof arg === 'object');
        if (symbol === 'nvmlDeviceGetHandleByIndex_v2') {
          buffers[0]?.writeBigUInt64LE(0x7f0000000000n + BigInt(numbers[0] ?? 0));
          return 0;
        }
        const gpu = Number(args.find((arg) => typeof arg === 'bigint') ?? 0n) - 0x7f0000000000;
        const answer = answers.get(keyOf({ symbol, gpu, selectors: numbers }));
        if (answer?.code === 0) buffers.forEach((buffer, at) => void buffer.set(answer.outputs[at] ?? []));
        return answer?.code ?? 3;
      },
    };
  }

  /** Codes and outputs of the calls; memory is not cleared before, as callers do not either. */
  function answersOf(library: Library, script: readonly Scripted[]): readonly unknown[] {
    const handles = [0, 1, 2].map((index) => {
      const handle = Buffer.alloc(8);
      library.call('nvmlDeviceGetHandleByIndex_v2', index, handle);
      return handle.readBigUInt64LE();
    });
    return script.map(({ symbol, gpu, selectors, outputs }) => {
      const buffers = outputs.map(({ length }) => Buffer.alloc(length, 0x5a));
      const code = library.call(symbol, handles[gpu] ?? 0n, ...selectors, ...buffers);
      return [code, ...buffers.map((buffer) => buffer.toString('hex'))];
    });
  }

  test('calls, in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(call, { selector: keyOf, maxLength: 40 }), (script) => {
        const library = libraryOf(script);
        const recording = recordingLibrary(library);
        const said = answersOf(recording, script);
        const replayed = replayLibrary(handedOn(recording.capture('recorded')));
        expect(answersOf(replayed, [...script].reverse())).toEqual([...said].reverse());
      }),
    );
  });

  interface Entry {
    readonly id: number;
    readonly scope: number;
    readonly type: number;
    readonly code: number;
    readonly bits: bigint;
  }

  const entry = fc.record<Entry>({
    id: fc.integer({ min: 1, max: 400 }),
    scope: fc.constantFrom(0, 1, 17, 0xffff_ffff),
    type: fc.nat({ max: 8 }),
    code: codes,
    bits: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.double().map(bitsOf)),
  });

  test('fields, however they are put together', () => {
    const entries = fc.uniqueArray(entry, {
      selector: ({ id, scope }) => `${id} ${scope}`,
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 7 }), (fields, size) => {
        const recording = recordingLibrary(fieldLibrary(fields));
        const said = fieldsOf(recording, fields, fields.length);
        const replayed = replayLibrary(handedOn(recording.capture('recorded')));
        expect(fieldsOf(replayed, fields, size)).toEqual(said);
      }),
    );
  });

  function bitsOf(value: number): bigint {
    const buffer = Buffer.alloc(8);
    buffer.writeDoubleLE(value);
    return buffer.readBigUInt64LE();
  }

  function fieldLibrary(fields: readonly Entry[]): Library {
    return {
      name: 'scripted',
      call(symbol, ...args) {
        const buffer = args.find((arg): arg is Buffer => Buffer.isBuffer(arg)) ?? Buffer.alloc(0);
        if (symbol !== 'nvmlDeviceGetFieldValues') return 0;
        for (let at = 0; at < buffer.length; at += 40) {
          const [id, scope] = [buffer.readUInt32LE(at), buffer.readUInt32LE(at + 4)];
          const found = fields.find((field) => field.id === id && field.scope === scope);
          buffer.writeBigInt64LE(1_234n, at + 8);
          buffer.writeUInt32LE(found?.type ?? 0, at + 24);
          buffer.writeUInt32LE(found?.code ?? 3, at + 28);
          buffer.writeBigUInt64LE(found?.bits ?? 0n, at + 32);
        }
        return 0;
      },
    };
  }

  /** Code, type and value of each entry, asked for `size` at a time. */
  function fieldsOf(library: Library, fields: readonly Entry[], size: number): readonly unknown[] {
    const handle = Buffer.alloc(8);
    library.call('nvmlDeviceGetHandleByIndex_v2', 0, handle);
    const batches = Array.from({ length: Math.ceil(fields.length / size) }, (_, at) =>
      fields.slice(at * size, (at + 1) * size),
    );
    return batches.flatMap((batch) => {
      const buffer = Buffer.alloc(40 * batch.length);
      batch.forEach(({ id, scope }, at) => {
        buffer.writeUInt32LE(id, at * 40);
        buffer.writeUInt32LE(scope, at * 40 + 4);
      });
      const args: readonly Argument[] = [handle.readBigUInt64LE(), batch.length, buffer];
      library.call('nvmlDeviceGetFieldValues', ...args);
      return batch.map((_, at) => {
        const code = buffer.readUInt32LE(at * 40 + 28);
        return code === 0 ? [buffer.readUInt32LE(at * 40 + 24), buffer.readBigUInt64LE(at * 40 + 32)] : code;
      });
    });
  }
});
