import type { Check } from '../../check.ts';
import { type AnsweredExam, silenceOf } from '../../driver-exam.ts';
import { type Finding, failure, notApplicable, ok } from '../../finding.ts';
import { byText } from '../../gpu-names.ts';
import { answeringGpus } from './gpu-check.ts';

export const count: Check = {
  name: 'gpus',
  title: 'GPUs that answer',
  group: 'gpus',
  run: ({ driver, options }) =>
    driver.kind === 'answered' ? judgeCount(driver, options['gpu.expected']) : notApplicable(silenceOf(driver)),
};

/** `expected` is 0 where nobody said how many there must be. */
export function judgeCount(exam: AnsweredExam, expected: number): Finding {
  const answering = answeringGpus({ driver: exam });
  const broken = brokenGpus(exam);
  const models = [...new Set(answering.map(({ identity }) => identity.model ?? 'unknown model'))].join(', ');
  const wanted = Math.max(expected, exam.gpuCount);
  const found = `${answering.length} of ${wanted}${models === '' ? '' : ` (${models})`}`;
  if (broken.length > 0) {
    return failure(
      `${found}; ${byText(broken)}`,
      'look for lines with NVRM or Xid in the kernel log (dmesg); reset the GPU (nvidia-smi --gpu-reset -i <index>) or reboot the node',
    );
  }
  if (exam.gpuCount === 0) {
    return failure(
      'the driver lists none',
      'see lspci -d 10de:; in a container ask for GPUs (NVIDIA_VISIBLE_DEVICES=all)',
    );
  }
  if (answering.length < expected) {
    return failure(
      `${found}; --gpu.expected is ${expected}`,
      'see lspci -d 10de: and the kernel log for the missing ones; in a container set NVIDIA_VISIBLE_DEVICES=all',
    );
  }
  return ok(found);
}

function brokenGpus({ reading, faults }: AnsweredExam): readonly { readonly index: number; readonly text: string }[] {
  const failed = reading.gpus.flatMap(({ index, failure: text }) => (text === undefined ? [] : [{ index, text }]));
  const silent = faults.flatMap(({ gpu, how }) => (gpu === undefined ? [] : [{ index: gpu, text: how }]));
  return [...failed, ...silent].sort((a, b) => a.index - b.index);
}
