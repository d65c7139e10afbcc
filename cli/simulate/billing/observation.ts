import type { Span } from '../../../exporters/billing/span.ts';
import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import { exporterTarget } from './exporter-target.ts';
import { gatewayTarget } from './gateway-target.ts';
import { kubeStateTarget } from './kube-state-target.ts';
import type { Month } from './month.ts';
import type { ScrapeTarget, SeriesHead } from './series.ts';
import { spanAt } from './spans.ts';

/** How the month is looked at. */
export interface Observation {
  readonly scrapeSeconds: number;
  /** How often the GPU exporter asks the kubelet. */
  readonly observeSeconds: number;
  /** Values of the label `replica` of an HA pair; one empty one for a Prometheus of its own. */
  readonly replicas: readonly string[];
  /** Of all scrapes, those that fail for no reason. */
  readonly lostShare: number;
  /** When no replica ran. */
  readonly down: readonly Span[];
  /** Names of series that are kept; all without it. */
  readonly keep?: ReadonlySet<string>;
}

/** A sample that Prometheus has; `isLate` of one from the time in which it was down. */
export interface ObservedSample {
  readonly head: SeriesHead;
  readonly replica: number;
  readonly value: number;
  readonly atMs: number;
  readonly isLate: boolean;
}

type Take = (sample: ObservedSample) => void;

export function scrapeTargets(month: Month, { observeSeconds, replicas }: Observation): readonly ScrapeTarget[] {
  return [
    ...month.nodes.map((node) => exporterTarget(month, node, { observeSeconds, replicas })),
    kubeStateTarget(month, replicas),
    gatewayTarget(month, replicas),
  ];
}

/** Scrapes everything from the start of the month to its end, and stops after each of the spans, so that whoever asks can write down what there is. */
export function* observe(month: Month, observation: Observation, stops: readonly Span[], take: Take): Generator<Span> {
  const { seed, span } = month.key;
  const targets = scrapeTargets(month, observation).map((target, number) => ({
    target,
    number,
    scrapes: observation.replicas
      .map((_, replica) => ({ replica, offsetMs: offsetOf(seed, number, replica, observation) }))
      .toSorted((a, b) => a.offsetMs - b.offsetMs),
  }));
  const intervalMs = observation.scrapeSeconds * 1000;
  for (const stop of stops) {
    const first = Math.ceil(Math.max(stop.startMs, span.startMs) / intervalMs) * intervalMs;
    for (let tickMs = first; tickMs < Math.min(stop.endMs, span.endMs); tickMs += intervalMs) {
      for (const { target, number, scrapes } of targets) {
        for (const { replica, offsetMs } of scrapes) {
          scrapeOnce(target, { atMs: tickMs + offsetMs, replica, keys: [seed, number, replica] }, observation, take);
        }
      }
    }
    yield stop;
  }
}

interface Scrape {
  readonly atMs: number;
  readonly replica: number;
  readonly keys: readonly number[];
}

function scrapeOnce(target: ScrapeTarget, { atMs, replica, keys }: Scrape, observation: Observation, take: Take): void {
  const isLate = spanAt(observation.down, atMs) !== undefined;
  if (isLate && replica > 0) return;
  const isLost = noise(...keys, 40_001, Math.floor(atMs / 1000)) < observation.lostShare;
  const { keep } = observation;
  const seen = target.scrape(atMs, (head, value) => {
    if (!isLost && keep?.has(head.name) !== false) take({ head, replica, value, atMs, isLate });
  });
  take({ head: target.up, replica, value: seen && !isLost ? 1 : 0, atMs, isLate });
}

/** Each target is scraped at its own time within the interval, as Prometheus does it. */
function offsetOf(seed: number, target: number, replica: number, { scrapeSeconds }: Observation): number {
  return Math.floor(noise(seed, target, replica, 40_000) * scrapeSeconds * 1000);
}
