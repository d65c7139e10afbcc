import { join } from 'node:path';
import { type RunningChild, startChild } from './child-process.ts';
import { eventually } from './eventually.ts';

export interface StoreChild extends RunningChild {
  /** What the lines with that word in front say behind it. */
  readonly said: (word: string) => readonly string[];
  /** Waits for such a line; an error if the process ends before. */
  readonly says: (word: string) => Promise<string>;
}

/** Starts a process that has the compiled store, to be killed. `limit` is for ulimit, such as `-f 100`. */
export function startStoreChild(dist: string, job: string, settings: object, limit?: string): StoreChild {
  const script = join(import.meta.dirname, 'store-child.mjs');
  const args = [script, dist, job, JSON.stringify(settings)];
  const child =
    limit === undefined
      ? startChild({ program: process.execPath, args })
      : startChild({
          program: '/bin/sh',
          args: ['-c', `ulimit ${limit} && exec "$0" "$@"`, process.execPath, ...args],
        });
  const said = (word: string): readonly string[] =>
    child
      .stdout()
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith(`${word} `) || line === word)
      .map((line) => line.slice(word.length + 1));
  return {
    ...child,
    said,
    says: (word) =>
      eventually(
        `the process to say ${word}`,
        () => {
          const [line] = said(word);
          if (line !== undefined) return line;
          if (child.end() === undefined) return undefined;
          throw new Error(`it ended with ${child.end()} and said ${child.stdout()}${child.stderr()}`);
        },
        { withinSeconds: 40 },
      ),
  };
}
