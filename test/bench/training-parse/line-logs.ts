/** What a log holds, and how its rows are named. */
export const logKinds = ['megatron', 'torchtitan', 'huggingface', 'nemo', 'deepspeed', 'noise'] as const;
export type LogKind = (typeof logKinds)[number];

export const logNames: Readonly<Record<LogKind, string>> = {
  megatron: 'log of Megatron-LM',
  torchtitan: 'log of torchtitan, coloured',
  huggingface: 'log of Hugging Face, with its bar',
  nemo: 'log of NeMo',
  deepspeed: 'log of DeepSpeed',
  noise: 'log lines that say nothing',
};

const escapeCharacter = '\u001b';
const noise = [
  'INFO 03-01 10:00:00 worker.py:123] Allocated buffers for the next epoch of the loader, cost 12.3 MB',
  'node: NCCL INFO Channel 03/0 : 7[7] -> 0[0] via P2P/CUMEM/read',
  'WARNING: UserWarning: torch.utils.checkpoint use_reentrant parameter should be passed explicitly',
  '  File "/opt/venv/lib/python3.11/site-packages/torch/nn/modules/module.py", line 1553, in _wrapped_call_impl',
];

const lines: Readonly<Record<LogKind, (step: number) => string>> = {
  megatron: (step) =>
    ` [2026-03-01 10:00:${clock(step)}] iteration ${String(step).padStart(8)}/  900000 | consumed samples: ${String(step * 512).padStart(12)} | elapsed time per iteration (ms): ${(1234 + loss(step)).toFixed(1)} | throughput per GPU (TFLOP/s/GPU): 412.3 | learning rate: 1.500000E-05 | global batch size:   512 | lm loss: ${loss(step).toExponential(6)} | loss scale: 1.0 | grad norm: 3.141 | number of skipped iterations:   0 | number of nan iterations:   0 |`,
  torchtitan: (step) =>
    `[titan] 2026-03-01 10:00:${clock(step)} - root - INFO - ${escapeCharacter}[31mstep: ${String(step).padStart(2)}  ${escapeCharacter}[32mloss: ${loss(step).toFixed(5).padStart(8)}  ${escapeCharacter}[38;5;208mgrad_norm:  0.8319  ${escapeCharacter}[36mmemory:  9.46GiB(64.99%)  ${escapeCharacter}[34mtps: 7,${100 + (step % 900)}  ${escapeCharacter}[36mtflops: 1,412.52  ${escapeCharacter}[35mmfu: 41.20%${escapeCharacter}[39m`,
  huggingface: (step) =>
    `\r 56%|█████▌    | ${step}/900000 [00:05<00:04,  1.85it/s]\r{'loss': ${loss(step).toFixed(4)}, 'grad_norm': 1.2345678, 'learning_rate': 1.9e-05, 'epoch': ${(step / 1000).toFixed(2)}}`,
  nemo: (step) =>
    `Training epoch 0, iteration ${step}/900000 | lr: 3.922e-06 | global_batch_size: 8 | global_step: ${step} | reduced_train_loss: ${loss(step).toFixed(3)} | train_step_timing in s: 2.505 | consumed_samples: ${step * 8}`,
  deepspeed: (step) =>
    step % 2 === 0
      ? `[2026-03-01 10:00:${clock(step)}] [INFO] [logging.py:96:log_dist] [Rank 0] step=${step}, skipped=2, lr=[5e-05], mom=[[0.9, 0.999]]`
      : `[2026-03-01 10:00:${clock(step)}] [INFO] [timer.py:215:stop] epoch=0/micro_step=34/global_step=${step}, RunningAvgSamplesPerSec=7.864669709950182, CurrSamplesPerSec=8.00912418308922, MemAllocated=59.65GB, MaxMemAllocated=63.31GB`,
  noise: (step) => noise[step % noise.length] ?? '',
};

export function logOf(kind: LogKind, count: number): Buffer {
  return Buffer.from(`${Array.from({ length: count }, (_, step) => lines[kind](step + 1)).join('\n')}\n`);
}

function loss(step: number): number {
  return 2 + (step % 97) / 100;
}

function clock(step: number): string {
  return `${String(step % 60).padStart(2, '0')},123`;
}
