import type { Log } from '../../../kit/log.ts';
import type { QuotaResult } from '../budgets/quota-source.ts';

/** Logs what is wrong with a quota when it changes, and that it is read again. */
export function createQuotaTroubles(log: Pick<Log, 'info' | 'warn'>): (results: readonly QuotaResult[]) => void {
  let known = new Map<string, string>();
  return (results) => {
    for (const { quota, source, problem } of results.filter((each) => each.problem !== known.get(each.quota))) {
      if (problem === undefined) log.info('a quota is read again', { quota, source });
      else log.warn('a quota cannot be read as it should', { quota, source, problem });
    }
    known = new Map(results.flatMap(({ quota, problem }) => (problem === undefined ? [] : [[quota, problem]])));
  };
}
