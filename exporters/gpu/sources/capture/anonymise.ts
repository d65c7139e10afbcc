import { returnCode } from '../nvml/return-codes.ts';
import type { Answer, Capture, Output, RecordedProcess, RecordedSample } from './capture.ts';

/** What texts of NVML tell. A function that is not named here may tell anything, so its text is not kept. */
export const textKinds: Readonly<Record<string, 'harmless' | 'uuid' | 'serial'>> = {
  nvmlSystemGetDriverVersion: 'harmless',
  nvmlSystemGetNVMLVersion: 'harmless',
  nvmlDeviceGetName: 'harmless',
  nvmlDeviceGetVbiosVersion: 'harmless',
  nvmlDeviceGetUUID: 'uuid',
  nvmlDeviceGetSerial: 'serial',
};

/** One for all people who read it, on the command line and in guides. */
export const anonymityNote =
  'UUIDs and serial numbers are replaced by made-up ones and process ids are counted from 1000; names of processes, users and ' +
  'machines are not read. PCI addresses, board names, firmware versions and all measured values are kept.';

/** The same capture without what tells which machine it is from. */
export function anonymised(capture: Capture): Capture {
  const names = pseudonyms();
  const devices = new Map([...capture.devices].map(([device, calls]) => [device, withoutTexts(device, calls)]));
  return { ...capture, devices: mapAnswers(devices, (answer) => ({ ...answer, output: withoutNames(answer.output) })) };

  function withoutTexts(device: string, calls: ReadonlyMap<string, readonly (Answer | undefined)[]>) {
    return new Map(
      [...calls].map(([key, rounds]) => [key, rounds.map((answer) => answer && withoutText(device, key, answer))]),
    );
  }

  function withoutText(device: string, key: string, answer: Answer): Answer {
    if (answer.output?.kind !== 'text') return answer;
    const kind = textKinds[key.replace(/ .*/, '')];
    if (kind === undefined) return { code: returnCode.notSupported };
    if (kind === 'harmless') return answer;
    const { text } = answer.output;
    return {
      ...answer,
      output: { kind: 'text', text: kind === 'uuid' ? names.uuid(text, device) : names.serial(text) },
    };
  }

  function withoutNames(output: Output | undefined): Output | undefined {
    switch (output?.kind) {
      case 'values':
        return {
          ...output,
          values: output.values.map((value) => (typeof value === 'bigint' ? value : names.bytes(value))),
        };
      case 'processes':
        return { ...output, list: output.list.map(withOtherPid<RecordedProcess>) };
      case 'samples':
        return { ...output, list: output.list.map(withOtherPid<RecordedSample>) };
      default:
        return output;
    }
  }

  function withOtherPid<T extends { readonly pid: number }>(entry: T): T {
    return { ...entry, pid: names.pid(entry.pid) };
  }
}

interface Pseudonyms {
  readonly uuid: (uuid: string, device: string) => string;
  readonly serial: (serial: string) => string;
  readonly pid: (pid: number) => number;
  /** The bytes of a struct, with the names in it replaced that were seen as texts. */
  readonly bytes: (bytes: Buffer) => Buffer;
}

const firstPid = 1000;
/** PID_MAX_LIMIT of Linux. What is above, and 0, is no process but what a driver left in its memory. */
const mostPid = 2 ** 22;

function pseudonyms(): Pseudonyms {
  const uuids = new Map<string, string>();
  const serials = new Map<string, string>();
  const pids = new Map<number, number>();
  const migCounts = new Map<string, number>();

  function inventUuid(uuid: string, device: string): string {
    const [, gpu = '0', mig] = /^gpu(\d+)(\/mig\d+)?$/.exec(device) ?? [];
    if (mig === undefined) return `GPU-${madeUp(unused(Number(gpu)))}`;
    const count = (migCounts.get(gpu) ?? 0) + 1;
    migCounts.set(gpu, count);
    // Until driver 470 a MIG device was named by its GPU and the numbers of its instances.
    const [, instances] = /^MIG-GPU-[^/]*(\/\d+\/\d+)$/.exec(uuid) ?? [];
    return instances === undefined
      ? `MIG-${madeUp(count * 2 ** 16 + Number(gpu))}`
      : `MIG-GPU-${madeUp(Number(gpu))}${instances}`;
  }

  /** The number of the GPU, unless another GPU had its place before. */
  function unused(gpu: number): number {
    const taken = new Set(uuids.values());
    let number = gpu;
    while (taken.has(`GPU-${madeUp(number)}`)) number += 256;
    return number;
  }

  return {
    uuid: (uuid, device) => remembered(uuids, uuid, () => inventUuid(uuid, device)),
    serial: (serial) => remembered(serials, serial, () => String(serials.size + 1).padStart(serial.length, '0')),
    pid: (pid) => (pid > 0 && pid <= mostPid ? remembered(pids, pid, () => firstPid + pids.size) : pid),
    bytes: (bytes) => [...uuids, ...serials].filter(isTelling).reduce(withoutName, bytes),
  };
}

/** Boards without a serial number may call it 0, which is part of much else. */
function isTelling([name]: readonly [string, string]): boolean {
  return name.length >= 6;
}

function remembered<K, V>(known: Map<K, V>, key: K, invent: () => V): V {
  const value = known.get(key) ?? invent();
  known.set(key, value);
  return value;
}

function madeUp(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Replaces a name where it is written out, and a UUID also where its 16 bytes stand. */
function withoutName(bytes: Buffer, [name, pseudonym]: readonly [string, string]): Buffer {
  const written = replaced(bytes, Buffer.from(name), Buffer.from(pseudonym));
  const [binary, madeUpBinary] = [uuidBytes(name), uuidBytes(pseudonym)];
  return binary === undefined || madeUpBinary === undefined ? written : replaced(written, binary, madeUpBinary);
}

function replaced(bytes: Buffer, from: Buffer, to: Buffer): Buffer {
  if (from.length === 0 || !bytes.includes(from)) return bytes;
  const result = Buffer.from(bytes);
  for (let at = result.indexOf(from); at !== -1; at = result.indexOf(from, at + from.length)) {
    result.fill(0, at, at + from.length);
    to.copy(result, at, 0, from.length);
  }
  return result;
}

function uuidBytes(uuid: string): Buffer | undefined {
  const [hex] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(uuid) ?? [];
  return hex === undefined ? undefined : Buffer.from(hex.replaceAll('-', ''), 'hex');
}

function mapAnswers(devices: Capture['devices'], change: (answer: Answer) => Answer): Capture['devices'] {
  return new Map(
    [...devices].map(([device, calls]) => [
      device,
      new Map([...calls].map(([key, rounds]) => [key, rounds.map((answer) => answer && change(answer))])),
    ]),
  );
}
