import { type ChildProcess, spawn } from 'node:child_process';
import { constants, tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, reasonOf } from '../../../../kit/errors.ts';
import { closeWriters, createOutputPipes, type OutputPipe } from './output-pipes.ts';
import { type PassThrough, passThrough } from './pass-through.ts';

export type Output = 'stdout' | 'stderr';

export interface CommandEnd {
  /** As a shell gives it: 128 and the number of the signal that ended it, 127 if there is no such command, 126 if it cannot be run. */
  readonly exitCode: number;
  /** Why it could not even be started, in words. */
  readonly notStarted: string | undefined;
}

export interface ChildCommand {
  /** Resolves when it has ended and all that it wrote was passed on. */
  readonly ended: Promise<CommandEnd>;
  readonly signal: (signal: NodeJS.Signals) => void;
}

export interface CommandSettings {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly onStarted: () => void;
  readonly onOutput: (output: Output, bytes: Buffer) => void;
  /** Where its outputs go; to ours unless told otherwise. */
  readonly descriptors?: Readonly<Record<Output, number>>;
  readonly silenceMs?: number;
  /** Where pipes get a name for a moment. */
  readonly pipeFolder?: string;
}

const ownDescriptors: Readonly<Record<Output, number>> = { stdout: 1, stderr: 2 };
/** A process that outlives the command, such as a worker of its data loader, may hold its outputs open for ever. */
const defaultSilenceMs = 2000;

/** Starts a command without a shell, with our standard input, and passes on what it writes. */
export function startCommand({ program, args, env, onStarted, onOutput, ...settings }: CommandSettings): ChildCommand {
  const { descriptors = ownDescriptors, silenceMs = defaultSilenceMs, pipeFolder = tmpdir() } = settings;
  const { child, stdout, stderr } = spawnWithOutputs(createOutputPipes(2, pipeFolder), [program, args, env]);
  const passing = [
    passThrough(stdout, descriptors.stdout, (bytes) => onOutput('stdout', bytes)),
    passThrough(stderr, descriptors.stderr, (bytes) => onOutput('stderr', bytes)),
  ];
  child.once('spawn', onStarted);
  const exit = new Promise<CommandEnd>((resolve) => {
    child.once('error', (error) => resolve(notStarted(program, error)));
    child.once('exit', (code, signal) => resolve({ exitCode: code ?? codeOf(signal), notStarted: undefined }));
  });

  async function ended(): Promise<CommandEnd> {
    const end = await exit;
    const drained = Promise.all(passing.map(({ done }) => done)).then(() => true);
    for (let before = -1; ; ) {
      if (await Promise.race([drained, sleep(silenceMs, false, { ref: false })])) break;
      const passed = sum(passing);
      if (passed === before && !passing.some(({ isBusy }) => isBusy())) break;
      before = passed;
    }
    stdout.destroy();
    stderr.destroy();
    return end;
  }

  return { ended: ended(), signal: (signal) => void child.kill(signal) };
}

interface Spawned extends Record<Output, Readable> {
  readonly child: ChildProcess;
}

function spawnWithOutputs(
  pipes: readonly OutputPipe[] | undefined,
  [program, args, env]: readonly [string, readonly string[], NodeJS.ProcessEnv],
): Spawned {
  const [out, err] = pipes ?? [];
  if (pipes === undefined || out === undefined || err === undefined) {
    const child = spawn(program, args, { env, stdio: ['inherit', 'pipe', 'pipe'] });
    return { child, stdout: child.stdout, stderr: child.stderr };
  }
  const child = spawn(program, args, { env, stdio: ['inherit', out.writer, err.writer] });
  closeWriters(pipes);
  return { child, stdout: out.reader, stderr: err.reader };
}

function sum(passing: readonly PassThrough[]): number {
  return passing.reduce((total, { passed }) => total + passed(), 0);
}

function codeOf(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

function notStarted(program: string, error: Error): CommandEnd {
  switch (errnoOf(error)) {
    case 'ENOENT':
      return { exitCode: 127, notStarted: `${program}: there is no such command` };
    case 'EACCES':
      return { exitCode: 126, notStarted: `${program}: this user may not run it` };
    default:
      return { exitCode: 126, notStarted: `${program}: it cannot be started: ${reasonOf(error)}` };
  }
}
