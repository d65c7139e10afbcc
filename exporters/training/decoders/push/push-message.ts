import { type RunPhase, runPhases } from '../../journal.ts';
import { type Framework, frameworks } from '../../schema/frameworks.ts';
import { protocolVersion, pushLimits } from './protocol.ts';
import { mustBe, PushError } from './push-error.ts';
import type { PushedRun } from './push-identity.ts';
import { parsePushJson } from './push-json.ts';
import { type PushedPhase, readPhase } from './push-phase.ts';
import { readValues } from './push-values.ts';
import {
  at,
  type Fields,
  optional,
  readFields,
  readFlag,
  readList,
  readName,
  readNumber,
  readWhole,
  readWord,
} from './read-json.ts';

/** A message as it is after every field of it was checked. */
export interface PushMessage {
  readonly origin: PushedRun;
  /** Undefined if the sender does not know it yet. */
  readonly framework: Framework | undefined;
  readonly records: readonly PushedRecord[];
}

export interface PushedRecord {
  readonly step: number | undefined;
  readonly timeSeconds: number | undefined;
  readonly session: { readonly step: number | undefined } | undefined;
  readonly values: readonly (readonly [name: string, value: number])[];
  readonly isLossMissing: boolean;
  readonly phases: readonly PushedPhase[];
  readonly checkpoint: { readonly step: number | undefined; readonly outcome: 'complete' | 'failed' } | undefined;
  readonly alive: boolean | undefined;
  readonly enter: RunPhase | undefined;
  readonly exitCode: number | undefined;
}

const messageKeys = ['version', 'run', 'job_id', 'framework', 'host', 'namespace', 'pod', 'records'] as const;
const recordKeys = [
  'step',
  'time',
  'session_start',
  'values',
  'loss_missing',
  'phases',
  'checkpoint',
  'alive',
  'enter',
  'exit_code',
] as const;
const outcomes = ['complete', 'failed'] as const;
const phasesWithExitCode: readonly (RunPhase | undefined)[] = ['finished', 'failed', 'restarting'];
/** That of a process, and 128 and the number of a signal. */
const largestExitCode = 255;

/** Reads and checks a message as a whole. Throws PushError, which names the place of the first fault. */
export function parsePush(text: string, nowSeconds: number): PushMessage {
  return readMessage(jsonOf(text), nowSeconds);
}

function jsonOf(text: string): unknown {
  try {
    return parsePushJson(text);
  } catch (error) {
    throw new PushError(`the body is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readMessage(value: unknown, nowSeconds: number): PushMessage {
  const fields = readFields(value, '', messageKeys);
  const { version } = fields;
  if (version !== undefined && version !== protocolVersion) throw mustBe('version', `${protocolVersion}`, version);
  const records = readList(fields['records'], 'records', pushLimits.records);
  return {
    origin: {
      run: readName(fields['run'], 'run'),
      jobId: label(fields, 'job_id'),
      host: label(fields, 'host'),
      namespace: label(fields, 'namespace'),
      pod: label(fields, 'pod'),
    },
    framework: readFramework(fields['framework']),
    records: records.map((record, index) => readRecord(record, `records[${index}]`, nowSeconds)),
  };
}

function readFramework(value: unknown): Framework | undefined {
  if (value === undefined) return 'custom';
  return optional(value, (given) => readWord(given, 'framework', frameworks));
}

/** A label that may be left out; then, and if it is null or empty, it is empty. */
function label(fields: Fields, key: string): string {
  const value = fields[key];
  return value === '' ? '' : (optional(value, (given) => readName(given, key)) ?? '');
}

function readRecord(value: unknown, path: string, nowSeconds: number): PushedRecord {
  const fields = readFields(value, path, recordKeys);

  function field<T>(key: (typeof recordKeys)[number], read: (value: unknown, path: string) => T): T | undefined {
    return optional(fields[key], (given) => read(given, at(path, key)));
  }

  const enter = field('enter', (given, where) => readWord(given, where, runPhases));
  return {
    step: field('step', readWhole),
    timeSeconds: field('time', (given, where) => readTime(given, where, nowSeconds)),
    session: field('session_start', readSession),
    values: field('values', readValues) ?? [],
    isLossMissing: field('loss_missing', readFlag) ?? false,
    phases: field('phases', readPhases) ?? [],
    checkpoint: field('checkpoint', readCheckpoint),
    alive: field('alive', readFlag),
    enter,
    exitCode: field('exit_code', (given, where) => readExitCode(given, where, enter)),
  };
}

function readTime(value: unknown, path: string, nowSeconds: number): number {
  const seconds = readNumber(value, path, 0);
  if (Math.abs(seconds - nowSeconds) <= pushLimits.timeSeconds) return seconds;
  throw mustBe(path, `Unix time in seconds within a day of ${Math.round(nowSeconds)}, which is now`, value);
}

function readSession(value: unknown, path: string): { readonly step: number | undefined } {
  return { step: value === true ? undefined : readWhole(value, path) };
}

function readPhases(value: unknown, path: string): readonly PushedPhase[] {
  return readList(value, path, pushLimits.values).map((phase, index) => readPhase(phase, `${path}[${index}]`));
}

function readCheckpoint(value: unknown, path: string): PushedRecord['checkpoint'] {
  const fields = readFields(value, path, ['step', 'outcome']);
  return {
    step: optional(fields['step'], (given) => readWhole(given, at(path, 'step'))),
    outcome: optional(fields['outcome'], (given) => readWord(given, at(path, 'outcome'), outcomes)) ?? 'complete',
  };
}

function readExitCode(value: unknown, path: string, enter: RunPhase | undefined): number {
  const code = readWhole(value, path);
  if (code > largestExitCode) throw mustBe(path, `a whole number from 0 to ${largestExitCode}`, value);
  if (phasesWithExitCode.includes(enter)) return code;
  throw new PushError(`${path} needs enter to be finished, failed or restarting in the same record`);
}
