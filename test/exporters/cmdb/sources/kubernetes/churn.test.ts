import { setTimeout as sleepMs } from 'node:timers/promises';
import fc from 'fast-check';
import type { Trouble } from '../../../../../cli/simulate/kubernetes/fake/faults.ts';
import type { Observation } from '../../../../../exporters/cmdb/observation.ts';
import { eventually } from '../../../../support/eventually.ts';
import {
  type FakeKubernetes,
  nodeObject,
  podObject,
  relationsOf,
  sourceOf,
  startFakeKubernetes,
} from '../../../../support/fake-kubernetes.ts';

/** What may happen to a cluster, and to the way to it. */
type Event =
  | { readonly kind: 'node' | 'no-node' | 'no-pod'; readonly number: number }
  | { readonly kind: 'pod'; readonly number: number; readonly node: number; readonly phase: string }
  | { readonly kind: 'compact' | 'reset' | 'expire' | 'bookmark' | 'look' }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

const number = fc.nat({ max: 7 });
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constantFrom('node' as const, 'no-node' as const, 'no-pod' as const), number }),
  fc.record({
    kind: fc.constant('pod' as const),
    number,
    node: number,
    phase: fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed'),
  }),
  fc.record({
    kind: fc.constantFrom(
      'compact' as const,
      'reset' as const,
      'expire' as const,
      'bookmark' as const,
      'look' as const,
    ),
  }),
  fc.record({
    kind: fc.constant('trouble' as const),
    trouble: fc.constantFrom<Trouble>(
      { kind: 'busy', retryAfterSeconds: 0 },
      { kind: 'internal-error' },
      { kind: 'expired' },
      { kind: 'reset' },
      { kind: 'garbage' },
      { kind: 'latency', seconds: 0.005 },
    ),
  }),
);

function happen(fake: FakeKubernetes, what: Event): void {
  switch (what.kind) {
    case 'node':
      fake.store.put('nodes', nodeObject(`n${what.number}`, { ip: `10.0.0.${what.number + 1}` }));
      break;
    case 'no-node':
      fake.store.remove('nodes', `n${what.number}`);
      break;
    case 'pod':
      fake.store.put('pods', podObject('ns', `p${what.number}`, { node: `n${what.node}`, phase: what.phase, gpus: 1 }));
      break;
    case 'no-pod':
      fake.store.remove('pods', `p${what.number}`, 'ns');
      break;
    case 'compact':
      fake.compact();
      break;
    case 'trouble':
      fake.inject({ trouble: what.trouble, times: 1 });
      break;
    case 'reset':
    case 'expire':
    case 'bookmark':
      for (const watch of fake.watches()) watch[what.kind]();
      break;
    case 'look':
      break;
  }
}

/** The truth, read from the store itself. */
function truthOf({ store }: FakeKubernetes): readonly string[] {
  const nodes = store.all('nodes').map(({ metadata }) => metadata.name);
  const pods = store.all('pods').filter(({ status }) => !['Succeeded', 'Failed'].includes(String(status?.['phase'])));
  return [
    ...nodes.map((name) => `server:${name}`),
    ...pods.map(({ metadata, spec }) => {
      const node = String(spec?.['nodeName']);
      return `application:ns/Pod/${metadata.name} on ${nodes.includes(node) ? `server:${node}` : ''}`;
    }),
  ].sort();
}

function seenIn({ items }: Observation): readonly string[] {
  return items
    .filter((item) => item.class === 'server' || item.class === 'application')
    .map((item) => (item.class === 'server' ? item.key : `${item.key} on ${relationsOf(item)['runs_on']?.[0] ?? ''}`))
    .sort();
}

test('whatever happens to the cluster and on the way to it, in the end the truth is seen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 60 }), async (events) => {
      const fake = await startFakeKubernetes();
      const sleep = async (_seconds: number, signal: AbortSignal): Promise<void> =>
        void (await sleepMs(1, undefined, { signal }));
      const source = sourceOf(fake, {}, { sleep });
      try {
        for (const what of events) {
          happen(fake, what);
          // A look may fail while there are faults; it must not do harm.
          if (what.kind === 'look') await source.observe().catch(() => undefined);
        }
        fake.heal();
        await eventually(
          'the truth',
          async () => JSON.stringify(seenIn(await source.observe())) === JSON.stringify(truthOf(fake)) || undefined,
        );
      } finally {
        await source.stop();
        await fake.stop();
      }
    }),
    // What fails waits for long, so a smaller example is not looked for.
    { numRuns: 40, endOnFailure: true },
  );
});
