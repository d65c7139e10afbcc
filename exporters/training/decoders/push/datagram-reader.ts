import type { Clock } from '../../../../kit/clock.ts';
import type { Journal, RunStream } from '../../journal.ts';
import type { TagMap } from '../../schema/tag-map.ts';
import type { SourceLedger } from '../../source-ledger.ts';
import { pushIdentity } from './push-identity.ts';
import { createRunningTotals } from './running-totals.ts';
import { parseStatsd, type StatsdMetric } from './statsd.ts';
import { originOf, tellStatsd } from './tell-statsd.ts';

interface Deps {
  readonly journal: Journal;
  readonly ledger: SourceLedger;
  readonly tags: TagMap;
  readonly clock: Clock;
}

/** As many runs as an exporter may show. */
const mostTotals = 20_000;
/** The limit of runs was reached; what is told of further ones is left out. */
const refused = Symbol('refused');

/** Turns datagrams, each whole, into what streams are told. Never throws, whatever they are. */
export function createDatagramReader({ journal, ledger, tags, clock }: Deps): (datagram: Uint8Array) => void {
  const totals = createRunningTotals({ most: mostTotals });
  const decoder = new TextDecoder();

  return (datagram) => {
    const nowSeconds = clock.now();
    const { metrics, problems } = parseStatsd(decoder.decode(datagram));
    ledger.bytes('push', datagram.byteLength);
    const streams = new Map<string, RunStream | typeof refused>();
    const tally = { told: 0, bad: problems, refused: 0 };
    for (const metric of metrics) tally[tell(metric, streams, nowSeconds)]++;
    for (const stream of streams.values()) if (stream !== refused) stream.settle(nowSeconds);
    count(tally);
  };

  function count({ told, bad }: { readonly told: number; readonly bad: number }): void {
    if (told > 0) ledger.records('push', told);
    if (bad > 0) ledger.problem('push', 'bad_record', bad);
  }

  function tell(
    metric: StatsdMetric,
    streams: Map<string, RunStream | typeof refused>,
    nowSeconds: number,
  ): 'told' | 'bad' | 'refused' {
    const origin = originOf(metric);
    if (origin === undefined) return 'bad';
    const identity = pushIdentity(origin);
    const { key } = identity;
    const stream = streams.get(key) ?? opened();
    streams.set(key, stream);
    if (stream === refused) return 'refused';
    return tellStatsd(metric, { stream, tags, totals: totals.of(key), nowSeconds }) ? 'told' : 'bad';

    function opened(): RunStream | typeof refused {
      const fresh = journal.openStream(identity, 'push', key);
      fresh?.framework('custom');
      return fresh ?? refused;
    }
  }
}
