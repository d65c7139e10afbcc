import { useEffect, useMemo, useState } from 'react';
import { ask } from '../../../services/ask';
import { explainQuestion } from '../api/questions';
import type { Contribution } from '../api/read-explained';
import type { Horizon } from '../horizon';
import { barsOf } from '../reasons/bars';
import type { RiskRow } from '../rows/risk-row';

/** The list of the service has no reasons, and asking for each GPU of a fleet would be rude: those that people look at first. */
const asked = 10;

/** The strongest reason that raises the risk, by key of the row, for the first rows. */
export function useTopReasons(
  rows: readonly RiskRow[],
  horizon: Horizon,
  isConnected: boolean,
): ReadonlyMap<string, Contribution> {
  const [found, setFound] = useState<ReadonlyMap<string, Contribution | undefined>>(new Map());
  const wanted = useMemo(() => (isConnected ? rows.slice(0, asked) : []), [rows, isConnected]);
  const key = wanted.map((row) => nameOf(row, horizon)).join(' ');
  useEffect(() => {
    const leaving = new AbortController();
    const askAll = async () => {
      for (const row of wanted) {
        const name = nameOf(row, horizon);
        const question = explainQuestion(row.uuid, row.cluster);
        if (question === undefined || found.has(name)) continue;
        const { contributions } = await ask(question, leaving.signal);
        const top = barsOf(contributions[horizon] ?? []).bars.find(({ raises }) => raises);
        setFound((before) => new Map(before).set(name, top));
      }
    };
    // The row of states of the service already tells what is wrong with it.
    askAll().catch(() => undefined);
    return () => leaving.abort();
    // What is asked for is in the key; answers that come in must not begin it anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
  return useMemo(() => {
    const byRow = new Map<string, Contribution>();
    for (const row of wanted) {
      const top = found.get(nameOf(row, horizon));
      if (top !== undefined) byRow.set(row.key, top);
    }
    return byRow;
  }, [found, wanted, horizon]);
}

/** A row of another forecast has other reasons. */
function nameOf({ key, probability }: RiskRow, horizon: Horizon): string {
  return `${key}|${horizon}|${probability[horizon]?.toPrecision(2) ?? ''}`;
}
