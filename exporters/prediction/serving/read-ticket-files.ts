import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { Entity } from '../entity.ts';
import type { Signs } from '../labels/sign.ts';
import { readTickets } from '../labels/tickets/read-tickets.ts';

/** Failures of all ticket files, which are read anew each time. A file that cannot be used is left out and told, once for each reason. */
export function createTicketReader(
  files: readonly string[],
  { readFile, log }: { readonly readFile: (path: string) => string; readonly log: Log },
): (entities: readonly Entity[], nowMs: number) => Signs {
  const told = new Map<string, string>();
  const tell = (file: string, problem: string): void => {
    if (told.get(file) !== problem && problem !== '') log.warn('tickets are left out', { file, reason: problem });
    told.set(file, problem);
  };
  return (entities, nowMs) => {
    const all = files.map((file): Signs => {
      try {
        const signs = readTickets(readFile(file), { file, entities, nowMs });
        const [first = ''] = signs.problems;
        tell(file, signs.problems.length > 1 ? `${first}; and ${signs.problems.length - 1} more` : first);
        return signs;
      } catch (error) {
        tell(file, reasonOf(error));
        return { signs: [], problems: [`${file}: ${reasonOf(error)}`] };
      }
    });
    return { signs: all.flatMap(({ signs }) => signs), problems: all.flatMap(({ problems }) => problems) };
  };
}
