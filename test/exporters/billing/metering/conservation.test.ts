import fc from 'fast-check';
import { compare, one } from '../../../../exporters/billing/exact.ts';
import type { DeviceInput, Holding } from '../../../../exporters/billing/metering/accrual.ts';
import { canonicalUsages, hashOfUsages, mergeUsages } from '../../../../exporters/billing/metering/canonical.ts';
import { conserve } from '../../../../exporters/billing/metering/conserve.ts';
import { type GpuWindow, meterGpus } from '../../../../exporters/billing/metering/meter-gpus.ts';
import { lengthOf, unionOf, within } from '../../../../exporters/billing/metering/spans.ts';
import type { Span } from '../../../../exporters/billing/span.ts';
import { accrual, device, hour, minute, span, totalOf } from '../../../support/billing-device.ts';

const settings = { systemNamespaces: ['kube-system'] };

/** Spans one after the other within two hours, with gaps between them. */
const spans = (most: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max: 2 * hour }), { maxLength: 2 * most }).map((edges) => {
    const sorted = edges.toSorted((a, b) => a - b);
    return sorted.flatMap((edge, at) => (at % 2 === 1 ? [span(sorted[at - 1] ?? 0, edge)] : []));
  });

const pods = fc.constantFrom('a', 'b', 'c', 'd');
const namespaces = fc.constantFrom('team-a', 'team-b', 'kube-system');

/** Holders that have a unit one after the other; the amount of a piece may be less than its length. */
const turns = (gpuInstanceId: string, profile: string): fc.Arbitrary<Holding[]> =>
  fc.array(fc.tuple(pods, namespaces, fc.nat(100)), { minLength: 5, maxLength: 5 }).chain((names) =>
    spans(5).map((list) =>
      list.map((held, at) => {
        const [pod = '', namespace = '', part = 0] = names[at % names.length] ?? [];
        const length = held.endMs - held.startMs;
        const amount = part > 50 ? length : Math.max(1, Math.floor((length * part) / 100));
        return {
          gpuInstanceId,
          profile,
          holder: { namespace, pod, turn: String(at) },
          held: accrual([held.startMs, held.endMs, amount]),
          divided: undefined,
        };
      }),
    ),
  );

const states = fc.record({
  installed: spans(2),
  seen: spans(6),
  unavailable: fc.array(fc.record({ span: spans(1), reason: fc.constantFrom('lost', 'not_ready', 'cordoned') }), {
    maxLength: 4,
  }),
});

/** A whole GPU, one that is divided into instances, or one that is shared; never held by more than can have it. */
const devices: fc.Arbitrary<DeviceInput> = fc
  .tuple(
    states,
    fc.oneof(
      turns('', '').map((holdings) => ({ holdings })),
      fc.tuple(turns('1', '4g.40gb'), turns('2', '3g.40gb'), spans(3), spans(3)).map(([one, two, first, second]) => ({
        holdings: [...one, ...two],
        instances: [
          { gpuInstanceId: '1', profile: '4g.40gb', spans: first },
          { gpuInstanceId: '2', profile: '3g.40gb', spans: second },
          { gpuInstanceId: '3', profile: '1g.10gb', spans: second },
        ],
      })),
      fc.tuple(turns('', ''), turns('', ''), turns('', '')).map((three) => ({
        holdings: three.flatMap((turn, at) =>
          turn.map((held) => ({ ...held, holder: { ...held.holder, replica: String(at) }, replicas: 1 + (at % 2) })),
        ),
        replicas: [{ span: span(0, 2 * hour), replicas: 4 }],
      })),
    ),
  )
  .map(([{ unavailable, installed, seen }, rest]) =>
    device({
      // Whoever holds a GPU holds one that is installed.
      installed: [...installed, ...rest.holdings.map(({ held }) => span(held.fromMs[0] ?? 0, held.toMs[0] ?? 0))],
      seen,
      unavailable: unavailable.flatMap(({ span: list, reason }) => list.map((one) => ({ span: one, reason }))),
      ...rest,
    }),
  );

const fleets = fc
  .array(devices, { minLength: 1, maxLength: 3 })
  .map((list) => list.map((one, at) => ({ ...one, uuid: `GPU-${at}` })));

const period = span(0, 2 * hour);

test('for every GPU and window the states add up to what is installed, exactly', () => {
  fc.assert(
    fc.property(fleets, fc.integer({ min: 1, max: 2 * hour }), (fleet, cut) => {
      const { windows } = meterGpus(fleet, [span(0, cut), span(cut, 2 * hour)], settings);
      for (const { span: window, usages, conservation } of windows) {
        const installed = new Map(fleet.map((one) => [one.uuid, lengthOf(within(unionOf(one.installed), window))]));
        expect(conservation.error).toEqual({ num: 0n, den: 1n });
        expect(conserve(usages, installed)).toEqual(conservation);
        expect(totalOf(usages)).toEqual({ num: BigInt(conservation.installedMs), den: 1n });
      }
    }),
    { numRuns: 150 },
  );
});

test('any partition of a period has the same total for each key', () => {
  fc.assert(
    fc.property(fleets, fc.array(fc.integer({ min: 1, max: 2 * hour - 1 }), { maxLength: 12 }), (fleet, cuts) => {
      const edges = [...new Set([0, ...cuts, 2 * hour])].sort((a, b) => a - b);
      const parts = edges.slice(1).map((end, at): Span => span(edges[at] ?? 0, end));
      const whole = meterGpus(fleet, [period], settings).windows[0]?.usages ?? [];
      const pieces = meterGpus(fleet, parts, settings).windows;
      expect(mergeUsages(pieces.flatMap(({ usages }) => usages))).toEqual(whole);
      expect(pieces.every(({ usages }) => usages.every(({ quantity }) => quantity > 0n))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('in no millisecond do the shares of a GPU exceed 1', () => {
  fc.assert(
    fc.property(devices, fc.array(fc.integer({ min: 0, max: 2 * hour - 1 }), { maxLength: 20 }), (one_, times) => {
      const moments = times.toSorted((a, b) => a - b).map((at) => span(at, at + 1));
      for (const { usages } of meterGpus([one_], moments, settings).windows) {
        expect(compare(totalOf(usages), one)).toBeLessThanOrEqual(0);
        expect(usages.every(({ quantity }) => quantity >= 1n)).toBe(true);
      }
    }),
  );
});

test('what holders have is what their pieces say', () => {
  fc.assert(
    fc.property(turns('', ''), (holdings) => {
      const { windows } = meterGpus([device({ holdings })], [period], settings);
      const used = (windows[0]?.usages ?? []).filter(({ state }) => state === 'used' || state === 'system');
      const held = holdings.reduce((sum, { held: { amounts } }) => sum + (amounts[0] ?? 0), 0);
      expect(totalOf(used)).toEqual({ num: BigInt(held), den: 1n });
    }),
  );
});

test('replays in any order of the input are the same to the byte', () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      const [first, again, reversed] = [fleet, structuredClone(fleet), reverse(fleet)].map(meteredHour);
      expect(canonicalUsages(again?.usages ?? [])).toBe(canonicalUsages(first?.usages ?? []));
      expect(hashOfUsages(reversed?.usages ?? [])).toBe(hashOfUsages(first?.usages ?? []));
      expect(reversed?.usages).toEqual(first?.usages);
    }),
  );
});

function meteredHour(fleet: readonly DeviceInput[]): GpuWindow | undefined {
  return meterGpus(fleet, [span(10 * minute, 70 * minute)], settings).windows[0];
}

function reverse(fleet: readonly DeviceInput[]): readonly DeviceInput[] {
  return fleet.toReversed().map((one_) => ({
    ...one_,
    installed: one_.installed.toReversed(),
    seen: one_.seen.toReversed(),
    unavailable: one_.unavailable.toReversed(),
    instances: one_.instances.toReversed(),
    holdings: one_.holdings.toReversed(),
  }));
}
