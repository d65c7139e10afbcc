import { createHash } from 'node:crypto';
import { SourceError } from '../../../../kit/errors.ts';
import type { AnomalySettings } from '../settings.ts';
import { windowMs } from '../settings.ts';
import type { EngineBook } from './engine.ts';
import type { KindEngine } from './kind-engine.ts';
import type { Member } from './roster.ts';

/** Grows when saved states can no longer be read. */
const format = 1;
const magic = 'FLAN';

interface Engine {
  readonly kinds: readonly KindEngine[];
  readonly book: EngineBook;
  readonly settings: AnomalySettings;
}

interface Header {
  readonly format: number;
  readonly fingerprint: string;
  readonly lastSlot: number | undefined;
  readonly held: number;
  readonly events: readonly (readonly [string, number])[];
  readonly fleetEvents: readonly (readonly [string, number])[];
  readonly kinds: readonly SavedKind[];
}

interface SavedKind {
  readonly members: readonly (readonly [Member, number])[];
  readonly active: readonly string[];
}

/** Four letters, the length of the header, the header as JSON, then the cells of budgets and entities in the order of the header. */
export function* saveEngine({ kinds, book, settings }: Engine): Generator<Uint8Array> {
  const rows = kinds.map(({ roster, states }) =>
    roster.members().flatMap((member, index) => {
      const state = states[index];
      return member === undefined || state === undefined ? [] : [{ member, seen: roster.lastSeen(index), state }];
    }),
  );
  const header: Header = {
    format,
    fingerprint: fingerprintOf(kinds, settings),
    lastSlot: book.lastSlot,
    held: book.held,
    events: [...book.events],
    fleetEvents: [...book.fleetEvents],
    kinds: kinds.map(({ reports }, at) => ({
      members: (rows[at] ?? []).map(({ member, seen }) => [member, seen] as const),
      active: [...reports.active],
    })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.write(magic);
  start.writeUInt32LE(text.length, 4);
  yield start;
  yield text;
  for (const [at, { reports }] of kinds.entries()) {
    for (const { bytes } of reports.stores) yield bytes;
    for (const { state } of rows[at] ?? []) yield state.store.bytes;
  }
}

/** Fills an engine that is new. */
export function loadEngine({ kinds, book, settings }: Engine, read: (bytes: number) => Uint8Array): void {
  const header = readHeader(read);
  if (header.fingerprint !== fingerprintOf(kinds, settings))
    throw new SourceError(
      'the saved state of anomaly detection is of other signals or settings: delete it, and the detectors warm up from the history',
    );
  for (const [at, kind] of kinds.entries()) {
    const { members, active } = header.kinds[at] as SavedKind;
    for (const { bytes } of kind.reports.stores) bytes.set(read(bytes.length));
    for (const [member, seen] of members) kind.restore(member, seen, read(kind.programs.bytesPerEntity));
    for (const each of active) kind.reports.active.add(each);
  }
  book.lastSlot = header.lastSlot;
  book.held = header.held;
  for (const [key, count] of header.events) book.events.set(key, count);
  for (const [key, count] of header.fleetEvents) book.fleetEvents.set(key, count);
}

function readHeader(read: (bytes: number) => Uint8Array): Header {
  const start = Buffer.from(read(8));
  if (start.toString('latin1', 0, 4) !== magic)
    throw new SourceError('this is no saved state of anomaly detection: delete it, and the detectors warm up');
  const header = JSON.parse(Buffer.from(read(start.readUInt32LE(4))).toString()) as Header;
  if (header.format === format) return header;
  throw new SourceError(
    `the saved state of anomaly detection has format ${header.format}, and this version reads ${format}: delete it, and the detectors warm up`,
  );
}

/** What decides how the cells are laid out and what they mean. */
function fingerprintOf(
  kinds: readonly KindEngine[],
  { stepMs, refractoryMs, budgetPerEntityDay }: AnomalySettings,
): string {
  const meaning = kinds.map(({ kind, signals }) => [kind, signals]);
  const text = JSON.stringify([format, stepMs, refractoryMs, windowMs, budgetPerEntityDay, meaning]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
