import { SourceError } from '../../../../kit/errors.ts';
import { saidIncomplete } from '../../../../kit/prometheus-api/incomplete.ts';
import type { InstantApi } from './named-cluster.ts';

/** What a store leaves out would look like a device that is gone. */
export function refuseIncomplete(result: Parameters<typeof saidIncomplete>[0], what: string): void {
  const said = saidIncomplete(result);
  if (said === undefined) return;
  throw new SourceError(
    `the answer for ${what.slice(0, 200)} is not complete${said === '' ? '' : ` (${said})`}, so nothing is made of it; ` +
      `make all stores answer, or ask one that has all the data`,
  );
}

/** Every answer is whole, or it is a SourceError. */
export function wholeInstant(api: InstantApi): InstantApi {
  return {
    query: async (expr, options) => {
      const result = await api.query(expr, options);
      refuseIncomplete(result, expr);
      return result;
    },
    queryRange: async (expr, options) => {
      const result = await api.queryRange(expr, options);
      refuseIncomplete(result, expr);
      return result;
    },
  };
}
