import type { RunShape } from '../run-shape.ts';

type LogEntry = Readonly<Record<string, number>>;

interface TrainerState {
  readonly step: number;
  readonly epoch: number;
  readonly history: readonly LogEntry[];
  readonly shape: RunShape;
}

/** trainer_state.json: `json.dumps(…, indent=2, sort_keys=True)`, where Python writes NaN as it is; transformers/trainer_callback.py. */
export function trainerState({ step, epoch, history, shape }: TrainerState): string {
  const state = {
    best_metric: null,
    epoch,
    eval_steps: shape.evaluateEvery,
    global_step: step,
    is_hyper_param_search: false,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: history.map(sorted),
    logging_steps: shape.reportEvery,
    max_steps: shape.maxSteps,
    num_train_epochs: Math.ceil((shape.maxSteps * shape.batchSize) / shape.samplesPerEpoch),
    save_steps: shape.checkpointEvery,
    total_flos: step * shape.batchSize * shape.sequenceLength * shape.flopsPerToken,
    train_batch_size: shape.batchSize / shape.ranks,
  };
  const text = JSON.stringify(state, (_key, value: unknown) => (Number.isNaN(value) ? nanMark : value), 2);
  return `${text.replaceAll(`"${nanMark}"`, 'NaN')}\n`;
}

const nanMark = '<NaN>';

function sorted(entry: LogEntry): LogEntry {
  return Object.fromEntries(Object.entries(entry).sort(([left], [right]) => (left < right ? -1 : 1)));
}

const barWidth = 10;

/** What tqdm writes over and over on one line: its bar, and no line feed. */
export function progressBar(step: number, steps: number, seconds: number): string {
  const share = step / steps;
  const full = '█'.repeat(Math.floor(share * barWidth)).padEnd(barWidth);
  const left = ((steps - step) * seconds) / step;
  const rate = step / Math.max(seconds, 0.001);
  const speed = rate >= 1 ? `${rate.toFixed(2)}it/s` : `${(1 / rate).toFixed(2)}s/it`;
  return `\r${String(Math.round(share * 100)).padStart(3)}%|${full}| ${step}/${steps} [${clock(seconds)}<${clock(left)}, ${speed}]`;
}

/** `m:ss`, or `h:mm:ss`. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
  return hours === 0 ? tail : `${hours}:${tail}`;
}
