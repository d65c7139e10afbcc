import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { Entity } from '../entity.ts';
import type { Signs } from '../labels/sign.ts';
import { readTickets } from '../labels/tickets/read-tickets.ts';

interface TicketDeps {
  readonly readFile: (path: string) => string;
  readonly log: Log;
  /** Texts of files as they could be used last. */
  readonly lastGood: Map<string, string>;
}

/**
 * Failures of all ticket files, which are read anew each time. A file that cannot be used, such as one that is just being written, is told, once for each
 * reason, and what it said before holds.
 */
export function createTicketReader(
  files: readonly string[],
  { readFile, log, lastGood }: TicketDeps,
): (entities: readonly Entity[], nowMs: number) => Signs {
  const told = new Map<string, string>();
  const tell = (file: string, problem: string): void => {
    if (told.get(file) !== problem && problem !== '') log.warn('tickets cannot be used', { file, reason: problem });
    told.set(file, problem);
  };
  return (entities, nowMs) => {
    const all = files.map((file): Signs => {
      try {
        const text = readFile(file);
        const signs = readTickets(text, { file, entities, nowMs });
        lastGood.set(file, text);
        const [first = ''] = signs.problems;
        tell(file, signs.problems.length > 1 ? `${first}; and ${signs.problems.length - 1} more` : first);
        return signs;
      } catch (error) {
        tell(file, reasonOf(error));
        const before = lastGood.get(file);
        const { signs } = before === undefined ? { signs: [] } : readTickets(before, { file, entities, nowMs });
        return { signs, problems: [`${file}: ${reasonOf(error)}`] };
      }
    });
    return { signs: all.flatMap(({ signs }) => signs), problems: all.flatMap(({ problems }) => problems) };
  };
}
