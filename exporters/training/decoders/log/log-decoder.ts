import { type Framework, frameworks } from '../../schema/frameworks.ts';
import type { CreateDecoder } from '../file-decoder.ts';
import { createContainerLines } from './container-line.ts';
import { createLineClock } from './line-clock.ts';
import { createLineSplitter } from './line-splitter.ts';
import { readMemory } from './log-memory.ts';
import type { CreateLogParser, LogParserDeps, TakeLine } from './log-parser.ts';
import { mayTell } from './noise.ts';
import { createDeepSpeedLog } from './parsers/deepspeed-log.ts';
import { createHuggingFaceLog } from './parsers/huggingface-log.ts';
import { createMegatronLog } from './parsers/megatron-log.ts';
import { createNemoLog } from './parsers/nemo-log.ts';
import { createTorchtitanLog } from './parsers/torchtitan-log.ts';
import { withoutEscapes } from './terminal-text.ts';

const creators: Readonly<Partial<Record<Framework, CreateLogParser>>> = {
  megatron: createMegatronLog,
  torchtitan: createTorchtitanLog,
  nemo: createNemoLog,
  deepspeed: createDeepSpeedLog,
  huggingface: createHuggingFaceLog,
};

interface Parser {
  readonly framework: Framework;
  readonly take: TakeLine;
}

/**
 * Reads what training programs print, whichever framework they use: the first line that is understood tells which. Lines pass through
 * the terminal's and the container runtime's additions; whatever else stands before the words of a framework is passed over.
 */
export const createLogDecoder: CreateDecoder = ({ stream, tags, onRecord, onProblem, saved }) => {
  const memory = readMemory(saved);
  const clock = createLineClock(memory);
  const parsers = createParsers({ stream, tags, memory, timeOf: clock.timeOf }, tellFramework);
  let known = parsers.find((parser) => parser.framework === memory.framework);
  let isFrameworkTold = false;
  let records = 0;

  function takeText(text: string, stamp: string | undefined): void {
    if (!mayTell(text)) return;
    const clean = withoutEscapes(text);
    clock.begin(stamp);
    if (known?.take(clean, text) || parsers.some((parser) => parser !== known && parser.take(clean, text))) records++;
  }

  function tellFramework(framework: Framework): void {
    if (isFrameworkTold) return;
    isFrameworkTold = true;
    memory.framework ??= framework;
    known = parsers.find((parser) => parser.framework === memory.framework);
    stream.framework(memory.framework);
  }

  const onTooLong = () => onProblem('too_long');
  const splitter = createLineSplitter({
    take: createContainerLines(takeText, onTooLong),
    onTooLong,
    startsSkipping: memory.isSkipping,
  });

  return {
    push: (bytes) => {
      splitter.push(bytes);
      if (records > 0) onRecord(records);
      records = 0;
    },
    settle: (readAtSeconds) => {
      clock.settle(readAtSeconds);
      stream.settle(readAtSeconds);
    },
    pendingBytes: splitter.pendingBytes,
    isDead: () => false,
    save: () => ({ ...memory, isSkipping: splitter.isSkipping() }),
  };
};

function createParsers(deps: LogParserDeps, onUnderstood: (framework: Framework) => void): readonly Parser[] {
  return frameworks.flatMap((framework) => {
    const create = creators[framework];
    if (create === undefined) return [];
    const timeOf = (text: string) => {
      onUnderstood(framework);
      return deps.timeOf(text);
    };
    return [{ framework, take: create({ ...deps, timeOf }) }];
  });
}
