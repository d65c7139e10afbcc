import { createLogDecoder } from '../../../exporters/training/decoders/log/log-decoder.ts';
import type { RunStream } from '../../../exporters/training/journal.ts';
import { createTagMap } from '../../../exporters/training/schema/create-tag-map.ts';
import { emptyMapping } from '../../../exporters/training/schema/mapping.ts';
import { logKinds, logOf } from './line-logs.ts';
import { createPlainLineDecoder } from './plain-line-decoder.ts';

const lineCount = 100_000;
const pieceBytes = 64 * 1024;
const [side, kind, runs] = process.argv.slice(2);
const log = logOf(logKinds.find((each) => each === kind) ?? 'noise', lineCount);

let values = 0;
const count = () => {
  values++;
};
const stream: RunStream = {
  framework: count,
  value: count,
  lossMissing: count,
  scalar: count,
  sessionStart: count,
  phaseTime: count,
  checkpoint: count,
  enter: count,
  writerAlive: count,
  settle: count,
  close: count,
};
const tags = createTagMap(emptyMapping);

/** Ours with times, as it is when lines are read as they come. */
function pushOf(): (bytes: Uint8Array) => void {
  if (side !== 'ours') return createPlainLineDecoder(stream);
  return createLogDecoder({ stream, tags, onRecord: () => {}, onProblem: () => {}, saved: { isUtc: true } }).push;
}

function run(): number {
  const push = pushOf();
  const before = process.cpuUsage();
  for (let at = 0; at < log.length; at += pieceBytes) push(log.subarray(at, at + pieceBytes));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

// The first runs are compiled as they go.
run();
run();
const seconds = Array.from({ length: Number(runs) }, run);
if (kind !== 'noise' && values === 0) throw new Error('no line was understood');
process.stdout.write(JSON.stringify({ lines: lineCount, seconds }));
