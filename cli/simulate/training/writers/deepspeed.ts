import { createCheckpointShelf, noWeights } from '../checkpoint-shelf.ts';
import { fixed, loggingStamp, repr } from '../python-format.ts';
import type { CheckpointEvent, StartEvent, StepEvent } from '../run-model.ts';
import { createReportWindow, mean } from './report-window.ts';
import type { CreateRunWriter } from './run-writer.ts';

const log = 'train.log';
const checkpoints = 'checkpoints';

/** DeepSpeed: nothing but a log and `global_step<n>` folders; deepspeed/runtime/engine.py, utils/timer.py, runtime/pipe/engine.py. */
export const createDeepspeedWriter: CreateRunWriter = ({ shape, files, unixSeconds }) => {
  const shelf = createCheckpointShelf(files);
  const window = createReportWindow(shape.reportEvery);
  let fromStep = 0;
  let trainingSecond = 0;

  function say(second: number, place: string, text: string): void {
    files.append(log, `[${loggingStamp(unixSeconds(second))}] [INFO] [${place}] ${text}\n`);
  }

  function start(event: StartEvent): void {
    fromStep = event.fromStep;
    trainingSecond = event.second + shape.startupSeconds;
    window.clear();
    say(event.second, 'logging.py:128:log_dist', `[Rank 0] DeepSpeed info: version=0.17.5, world_size=${shape.ranks}`);
    if (fromStep > 0)
      say(
        event.second,
        'engine.py:2853:_get_all_zero_checkpoints',
        `successfully read checkpoint global_step${fromStep}`,
      );
  }

  function step(event: StepEvent): void {
    const steps = window.add(event);
    if (steps === undefined) return;
    const seconds = mean(steps.map((each) => each.seconds));
    const running = ((event.step - fromStep) * shape.batchSize) / (event.second - trainingSecond);
    const learningRate = repr(event.learningRate);
    say(
      event.second,
      'logging.py:128:log_dist',
      `[Rank 0] step=${event.step}, skipped=0, lr=[${learningRate}], mom=[(0.9, 0.95)]`,
    );
    files.append(
      log,
      `steps: ${event.step} loss: ${fixed(event.loss, 4)} iter time (s): ${fixed(seconds, 3)} samples/sec: ${fixed(shape.batchSize / seconds, 3)}\n`,
    );
    say(
      event.second,
      'timer.py:264:stop',
      `epoch=0/micro_step=${event.step}/global_step=${event.step}, RunningAvgSamplesPerSec=${repr(running)}, CurrSamplesPerSec=${repr(shape.batchSize / event.seconds)}, MemAllocated=38.26GB, MaxMemAllocated=55.71GB`,
    );
  }

  function checkpoint({ step: at, second }: CheckpointEvent): void {
    const folder = `${checkpoints}/global_step${at}`;
    files.replace(`${folder}/zero_pp_rank_0_mp_rank_00_optim_states.pt`, noWeights);
    files.replace(`${checkpoints}/latest`, `global_step${at}`);
    say(second, 'torch_checkpoint_engine.py:34:commit', `[Torch] Checkpoint global_step${at} is ready now!`);
    shelf.put(folder);
  }

  return {
    start,
    step,
    evaluation: () => {},
    checkpointBegin: ({ step: at, second }) => {
      const text = `[Rank 0] [Torch] Checkpoint global_step${at} is about to be saved!`;
      say(second, 'logging.py:128:log_dist', text);
      files.replace(`${checkpoints}/global_step${at}/mp_rank_00_model_states.pt`, noWeights);
    },
    checkpoint,
    crash: () => files.append(log, 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n'),
    finish: ({ second }) => say(second, 'launch.py:351:main', 'Process exits successfully.'),
    pass: () => {},
  };
};
