import type { RunStream } from '../../../exporters/training/journal.ts';

/** One line of any framework: step, loss, learning rate. */
const line = new RegExp(
  [
    String.raw`iteration +(?<megatron>\d+)\/ *\d+ \|.*?learning rate: (?<lr1>\S+) \|.*?lm loss: (?<loss1>\S+) \|`,
    String.raw`step: +(?<titan>\d+) .*?loss: +(?<loss2>\S+) .*?tps: +(?<tps>[\d,]+)`,
    String.raw`\{'loss': '?(?<loss3>[^',]+)'?,.*?'learning_rate': '?(?<lr2>[^',]+)`,
    String.raw`iteration (?<nemo>\d+)\/\d+ \| lr: (?<lr3>\S+) \|.*?reduced_train_loss: (?<loss4>\S+)`,
    String.raw`step=(?<deepspeed>\d+), skipped=(?<skipped>\d+), lr=\[(?<lr4>[^\],]+)`,
    String.raw`global_step=(?<deepspeed2>\d+), RunningAvgSamplesPerSec=(?<rate>[\d.]+)`,
  ].join('|'),
);

/** Lines by split and one regular expression for all: what somebody would write in an afternoon. Tells less of each line than we do. */
export function createPlainLineDecoder(stream: RunStream): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = '';

  function takeLine(text: string): void {
    const groups = line.exec(text)?.groups;
    if (groups === undefined) return;
    const { megatron, titan, nemo, deepspeed, deepspeed2 } = groups;
    const step = Number(megatron ?? titan ?? nemo ?? deepspeed ?? deepspeed2);
    const loss = groups['loss1'] ?? groups['loss2'] ?? groups['loss3'] ?? groups['loss4'];
    const rate = groups['lr1'] ?? groups['lr2'] ?? groups['lr3'] ?? groups['lr4'];
    if (loss !== undefined) stream.value('loss', Number(loss), step, undefined);
    if (rate !== undefined) stream.value('learning_rate', Number(rate), step, undefined);
    if (groups['rate'] !== undefined) stream.value('samples_per_second', Number(groups['rate']), step, undefined);
  }

  return (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const text of lines) takeLine(text);
  };
}
