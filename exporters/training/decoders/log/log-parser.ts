import type { RunStream } from '../../journal.ts';
import type { TagMap } from '../../schema/tag-map.ts';
import type { LogMemory } from './log-memory.ts';

/** Tells the stream what a line says; false if it is none of the framework. `raw` still has what only a terminal understands. */
export type TakeLine = (text: string, raw: string) => boolean;

export interface LogParserDeps {
  readonly stream: RunStream;
  readonly tags: TagMap;
  readonly memory: LogMemory;
  /** Unix time of the line. Asked before the stream is told anything of it, because the asking tells who writes. */
  readonly timeOf: (text: string) => number | undefined;
}

/** Understands the lines of one framework. */
export type CreateLogParser = (deps: LogParserDeps) => TakeLine;
