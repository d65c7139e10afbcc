import { noise } from '../../../../exporters/gpu/sources/simulated/random.ts';
import { compactStamp } from '../python-format.ts';
import type { RunFiles } from '../run-files.ts';
import type { CheckpointEvent, StepEvent } from '../run-model.ts';
import { type SimulatedRun, writerPid } from '../simulated-run.ts';

/** The structured logs of torchtitan, one file for each rank: torchtitan/observability/structured_logger/jsonl_handler.py. */
export interface RankLogs {
  readonly step: (event: StepEvent) => void;
  readonly checkpoint: (event: CheckpointEvent) => void;
}

interface Settings {
  readonly run: SimulatedRun;
  readonly attempt: number;
  readonly fromStep: number;
  readonly openedSeconds: number;
}

interface Deps {
  readonly files: RunFiles;
  readonly unixSeconds: (second: number) => number;
}

const source = 'training';

export function createRankLogs(settings: Settings, { files, unixSeconds }: Deps): RankLogs {
  const logs = Array.from({ length: settings.run.ranks }, (_, rank) => createRankLog(settings, rank, files));
  return {
    step: ({ step, second, seconds, ranks }) => {
      const begin = unixSeconds(second) - seconds;
      for (const [rank, log] of logs.entries()) {
        const { dataLoadingSeconds = 0, forwardBackwardSeconds = 0, optimizerSeconds = 0 } = ranks[rank] ?? {};
        const computed = begin + dataLoadingSeconds + forwardBackwardSeconds;
        // The optimizer has the gradients of all, for which a fast rank waits.
        const optimized = Math.max(computed, begin + seconds - optimizerSeconds);
        log.begin('step', step, begin);
        log.span('fetching_batch', { step, begin, seconds: dataLoadingSeconds });
        log.span('fwd_bwd', { step, begin: begin + dataLoadingSeconds, seconds: forwardBackwardSeconds });
        log.span('optim', { step, begin: optimized, seconds: optimizerSeconds });
        log.end('step', { step, begin, seconds });
      }
    },
    checkpoint: ({ step, second, seconds }) => {
      for (const log of logs) {
        log.span('checkpoint_save', { step, begin: unixSeconds(second) - seconds, seconds });
      }
    },
  };
}

interface Span {
  readonly step: number;
  readonly begin: number;
  readonly seconds: number;
}

function createRankLog({ run, attempt, fromStep, openedSeconds }: Settings, rank: number, files: RunFiles) {
  const random = nameLetters(noise(run.seed, run.node, run.pod, 117, rank, attempt));
  const path = `structured_logs/${source}.global_rank_${rank}.${compactStamp(openedSeconds)}-${random}.jsonl`;
  const pid = writerPid(run, attempt) + rank;
  let lastSeconds = openedSeconds;
  let sequence = 0;

  function write(name: string, step: number, at: number, value?: number): void {
    // Times that were added up may differ in the last digit.
    const unixSeconds = Math.max(at, lastSeconds);
    const record = {
      delta_ms: (unixSeconds - lastSeconds) * 1000,
      tid: pid,
      rank,
      global_rank: rank,
      local_rank: rank,
      source,
      host_name: run.nodeName,
      pid,
      step,
      relative_step: step - fromStep,
      time: Math.floor(unixSeconds),
      time_us: Math.floor(unixSeconds * 1e6),
      log_type: 'event',
      log_type_name: name,
      event_name: null,
      ...(value === undefined ? {} : { value }),
      seq_id: sequence++,
    };
    lastSeconds = unixSeconds;
    files.append(path, `${JSON.stringify(record)}\n`);
  }

  const begin = (name: string, step: number, at: number): void => write(`${name}_start`, step, at);
  /** With its duration in milliseconds. */
  const end = (name: string, { step, begin: at, seconds }: Span): void =>
    write(`${name}_end`, step, at + seconds, seconds * 1000);

  return {
    begin,
    end,
    span: (name: string, span: Span): void => {
      begin(name, span.step, span.begin);
      end(name, span);
    },
  };
}

/** Six capital letters. */
function nameLetters(chance: number): string {
  return Array.from({ length: 6 }, (_, place) =>
    String.fromCharCode(65 + (Math.floor(chance * 26 ** (place + 1)) % 26)),
  ).join('');
}
