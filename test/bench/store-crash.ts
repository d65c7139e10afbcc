import { crashRounds } from '../support/crash-rounds.ts';
import { buildDist } from '../support/dist.ts';
import { createStoreBench, engines } from '../support/stores.ts';
import { type Bench, type Row, row } from './bench.ts';

const rounds = 50;

export const storeCrash: Bench = {
  name: 'store-crash',
  about: `${rounds} times kill -9 under writes on each database: what was acknowledged and is lost, and transactions that are torn`,
  isLong: true,
  run: async (progress) => {
    const dist = await buildDist();
    const stores = createStoreBench();
    const rows: Row[] = [];
    try {
      for (const kind of engines) {
        const onRound = (round: number): void => progress(`${kind}: round ${round} of ${rounds}`);
        const { acknowledged, lost, torn } = await crashRounds(dist, await stores.place(kind), rounds, onRound);
        const figures = { acknowledged, lost: lost.length, torn: torn.length };
        for (const [name, value] of Object.entries(figures)) {
          rows.push(row({ bench: 'store-crash', name: `${kind}: ${name}`, unit: 'transactions', runs: [value] }));
        }
      }
    } finally {
      await stores.stop();
    }
    return rows;
  },
};
