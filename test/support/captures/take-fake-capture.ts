import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Capture } from '../../../exporters/gpu/sources/capture/capture.ts';
import { takeCapture } from '../../../exporters/gpu/sources/capture/take-capture.ts';
import { type Argument, type Library, loadLibrary } from '../../../exporters/gpu/sources/nvml/library.ts';
import type { SymbolName } from '../../../exporters/gpu/sources/nvml/symbols.ts';
import { buildFakeNvml, type FakeLine, type MissingPart, useFakeState, writeFakeState } from '../fake-nvml.ts';

/** What a fake node answers. */
export interface FakeBoard {
  /** Of the fake library's state file. */
  readonly lines: readonly FakeLine[];
  /** Lines that come to them a second later. */
  readonly aSecondLater?: readonly FakeLine[];
  /** What the library lacks. */
  readonly without?: readonly MissingPart[];
  /** Functions that this driver does not have yet. */
  readonly lacks?: readonly SymbolName[];
  /** Calls that it does not support, with their selectors as in `nvmlDeviceGetTemperatureThreshold 2`. */
  readonly refuses?: readonly string[];
  readonly board?: BoardFacts;
}

/** What the fake library says of every board alike. */
export interface BoardFacts {
  readonly vbios: string;
  readonly pciDeviceId: number;
  /** Numbers of the PCI buses on which the GPUs are. */
  readonly buses: readonly number[];
}

/** Unix time of the first reading. */
export const captureSeconds = 1_700_000_000;

/** Takes a capture of the fake library, with time that stands still but for the second between the readings. */
export async function takeFakeCapture(fake: FakeBoard): Promise<Capture> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-capture-'));
  const state = join(folder, 'state');
  const path = buildFakeNvml({ without: fake.without ?? [] });
  let seconds = 0;
  writeFakeState(state, fake.lines);
  useFakeState(path, state);
  try {
    const capture = await takeCapture({
      library: libraryOf(fake, loadLibrary([path])),
      progress: { gpu: () => {}, driver: () => {}, idle: () => {} },
      now: () => captureSeconds + seconds,
      monotonic: () => seconds,
      report: (message) => {
        throw new Error(message);
      },
      sleep: async (pause) => {
        seconds += pause;
        writeFakeState(state, [...fake.lines, ...(fake.aSecondLater ?? [])]);
      },
    });
    return { ...capture, origin: 'written from the documented ABI' };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const functionNotFound = 13;
const notSupported = 3;

function libraryOf({ lacks = [], refuses = [], board }: FakeBoard, library: Library): Library {
  return {
    name: library.name,
    call(symbol, ...args) {
      if (lacks.includes(symbol)) return functionNotFound;
      if (refuses.includes([symbol, ...args.filter((arg) => typeof arg === 'number')].join(' '))) return notSupported;
      const code = library.call(symbol, ...args);
      if (board !== undefined && code === 0) correct(board, symbol, args);
      return code;
    },
  };
}

// nvmlPciInfo_t: 0 char busIdLegacy[16], 20 u32 bus, 28 u32 pciDeviceId, 36 char busId[32]. The fake GPUs are on buses 0x18, 0x28, …
const pci = { legacy: 0, bus: 20, deviceId: 28, busId: 36 } as const;

function correct({ vbios, pciDeviceId, buses }: BoardFacts, symbol: SymbolName, args: readonly Argument[]): void {
  const memory = args.find((arg) => typeof arg === 'object');
  if (memory === undefined) return;
  if (symbol === 'nvmlDeviceGetVbiosVersion') writeText(memory, 0, 32, vbios);
  if (symbol !== 'nvmlDeviceGetPciInfo_v3') return;
  const bus = buses[(memory.readUInt32LE(pci.bus) - 0x18) / 0x10] ?? 0;
  const address = `${bus.toString(16).toUpperCase().padStart(2, '0')}:00.0`;
  memory.writeUInt32LE(bus, pci.bus);
  memory.writeUInt32LE(pciDeviceId, pci.deviceId);
  writeText(memory, pci.legacy, 16, `0000:${address}`);
  writeText(memory, pci.busId, 32, `00000000:${address}`);
}

function writeText(memory: Buffer, at: number, size: number, text: string): void {
  memory.fill(0, at, at + size);
  memory.write(text, at);
}
