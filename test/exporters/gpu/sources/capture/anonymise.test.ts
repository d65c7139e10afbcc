import { anonymised, textKinds } from '../../../../../exporters/gpu/sources/capture/anonymise.ts';
import type { Answer, Capture } from '../../../../../exporters/gpu/sources/capture/capture.ts';
import { printCapture } from '../../../../../exporters/gpu/sources/capture/print-capture.ts';
import { symbols } from '../../../../../exporters/gpu/sources/nvml/symbols.ts';
import { takeFakeCapture } from '../../../../support/captures/take-fake-capture.ts';
import { replayedReadings } from './replayed-session.ts';

function captureOf(devices: Readonly<Record<string, Readonly<Record<string, readonly Answer[]>>>>): Capture {
  return {
    origin: 'recorded',
    symbols: [],
    rounds: 2,
    devices: new Map(Object.entries(devices).map(([device, calls]) => [device, new Map(Object.entries(calls))])),
  };
}

function text(value: string): Answer {
  return { code: 0, output: { kind: 'text', text: value } };
}

function outputOf(capture: Capture, device: string, key: string): unknown {
  const output = capture.devices.get(device)?.get(key)?.[0]?.output;
  return output?.kind === 'text' ? output.text : output;
}

test('names of the fake GPUs occur nowhere in the file, and all else is kept', async () => {
  const capture = await takeFakeCapture({ lines: ['count=3', 'gpu.1.uuid=GPU-0badc0de-1234-4abc-8def-123456789abc'] });
  const printed = printCapture(capture);
  expect(printed).not.toMatch(/fa4e-4e57|0badc0de|16512230/);
  const [reading] = replayedReadings(capture);
  expect(reading?.gpus.map(({ uuid, identity }) => [uuid, identity.serial])).toEqual([
    ['GPU-00000000-0000-4000-8000-000000000000', '0000000000001'],
    ['GPU-00000000-0000-4000-8000-000000000001', '0000000000002'],
    ['GPU-00000000-0000-4000-8000-000000000002', '0000000000003'],
  ]);
  expect(reading?.gpus[1]?.identity).toMatchObject({ pciBusId: '00000000:28:00.0', vbios: '96.00.74.00.0D' });
});

test('MIG devices keep the form of their names', () => {
  const uuid = { nvmlDeviceGetUUID: [text('MIG-11111111-2222-4333-8444-555555555555')] };
  const older = { nvmlDeviceGetUUID: [text('MIG-GPU-11111111-2222-4333-8444-555555555555/3/0')] };
  const capture = anonymised(captureOf({ 'gpu2/mig0': uuid, 'gpu2/mig1': older }));
  expect(outputOf(capture, 'gpu2/mig0', 'nvmlDeviceGetUUID')).toBe('MIG-00000000-0000-4000-8000-000000010002');
  expect(outputOf(capture, 'gpu2/mig1', 'nvmlDeviceGetUUID')).toBe('MIG-GPU-00000000-0000-4000-8000-000000000002/3/0');
});

test('a GPU that takes the place of another is another one', () => {
  const rounds = [text('GPU-11111111-2222-4333-8444-555555555555'), text('GPU-99999999-2222-4333-8444-555555555555')];
  const answers = anonymised(captureOf({ gpu0: { nvmlDeviceGetUUID: rounds } })).devices.get('gpu0');
  const names = answers?.get('nvmlDeviceGetUUID')?.map((answer) => answer?.output);
  expect(new Set(names?.map((name) => JSON.stringify(name))).size).toBe(2);
});

test('boards that share a serial number share the made-up one', () => {
  const board = { nvmlDeviceGetSerial: [text('1651223000003')] };
  const capture = anonymised(captureOf({ gpu0: board, gpu1: board }));
  expect(outputOf(capture, 'gpu1', 'nvmlDeviceGetSerial')).toBe('0000000000001');
});

test('a name that is repeated within a struct is replaced there too, written out or as bytes', () => {
  const uuid = 'GPU-11111111-2222-4333-8444-555555555555';
  const bytes = Buffer.concat([
    Buffer.from('ab'),
    Buffer.from(uuid.slice(4).replaceAll('-', ''), 'hex'),
    Buffer.from(uuid),
  ]);
  const capture = anonymised(
    captureOf({
      gpu0: {
        nvmlDeviceGetPciInfo_v3: [{ code: 0, output: { kind: 'values', values: [bytes] } }],
        nvmlDeviceGetUUID: [text(uuid)],
      },
    }),
  );
  const printed = printCapture(capture);
  expect(printed).not.toContain('1111111122224333');
  expect(printed).not.toContain(Buffer.from(uuid).toString('hex'));
  expect(printed).toContain('0x6162' + '00000000000040008000000000000000');
});

test('a serial number of 0 leaves structs alone', () => {
  const struct = { code: 0, output: { kind: 'values', values: [Buffer.from('00000000:18:00.0')] } } as const;
  const calls = { nvmlDeviceGetSerial: [text('0')], nvmlDeviceGetPciInfo_v3: [struct] };
  expect(outputOf(anonymised(captureOf({ gpu0: calls })), 'gpu0', 'nvmlDeviceGetPciInfo_v3')).toEqual(struct.output);
});

test('process ids are counted from 1000, the same process by the same number', () => {
  const process = { usedBytes: 5n, gpuInstance: 1, computeInstance: 0 };
  const sample = { age: 0, sm: 1, memory: 2, encoder: 3, decoder: 4 };
  const capture = anonymised(
    captureOf({
      gpu0: {
        a: [
          {
            code: 0,
            output: {
              kind: 'processes',
              entrySize: 24,
              list: [
                { pid: 4242, ...process },
                { pid: 77, ...process },
              ],
            },
          },
        ],
        b: [{ code: 0, output: { kind: 'samples', list: [{ pid: 77, ...sample }] } }],
      },
    }),
  );
  expect(outputOf(capture, 'gpu0', 'a')).toMatchObject({
    list: [
      { pid: 1000, ...process },
      { pid: 1001, ...process },
    ],
  });
  expect(outputOf(capture, 'gpu0', 'b')).toMatchObject({ list: [{ pid: 1001, ...sample }] });
});

test('what is no process id stays as it is', () => {
  const entry = { usedBytes: 0n, gpuInstance: 0, computeInstance: 0 };
  const list = [
    { pid: 0, ...entry },
    { pid: 4_194_305, ...entry },
  ];
  const calls = { a: [{ code: 0, output: { kind: 'processes', entrySize: 24, list } } as const] };
  expect(outputOf(anonymised(captureOf({ gpu0: calls })), 'gpu0', 'a')).toMatchObject({ list });
});

test('a text of which nobody said what it tells is not kept', () => {
  const capture = anonymised(captureOf({ gpu0: { nvmlDeviceGetNickname: [text('prod-db-7')] } }));
  expect(printCapture(capture)).not.toContain('prod-db-7');
  expect(capture.devices.get('gpu0')?.get('nvmlDeviceGetNickname')).toEqual([expect.objectContaining({ code: 3 })]);
});

test('of every text that the exporter reads it is said what it tells', () => {
  const texts = Object.entries(symbols).filter(
    ([name, types]) => types.at(-2) === 'void *' && types.at(-1) === 'uint32' && !name.startsWith('nvmlEventSetWait'),
  );
  expect(texts.map(([name]) => name).sort()).toEqual(Object.keys(textKinds).sort());
});
