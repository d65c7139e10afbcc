import { formatValue } from '../../../kit/exposition/format-value.ts';
import { createSampleWriter, type Family } from '../../../kit/exposition/samples.ts';
import { fleetlens } from '../../../metrics/fleetlens.ts';
import type { NodeView } from '../node-view.ts';
import type { Identity } from '../reading.ts';
import { type Counters, defaultCounters } from './counters.ts';
import type { LabelledValue } from './dcgm-fields.ts';
import {
  deviceLabels,
  type HostnameLabel,
  type LabelledDevice,
  type NodeLabels,
  renderPresent,
  setsKey,
} from './device-labels.ts';
import type { DcgmSet } from './name-sets.ts';
import { devicesOf, identitiesOf, type ShownDevice } from './shown-devices.ts';
import { type DcgmMetric, metricsOf } from './shown-metrics.ts';
import { createTrafficMeter } from './traffic-rates.ts';

export interface DcgmNamesSettings {
  readonly sets: readonly DcgmSet[];
  /** What a counters file chooses; without one, what dcgm-exporter shows by default. */
  readonly counters?: Counters | undefined;
  /** Name of the machine. */
  readonly hostname: string;
  readonly hostnameLabel: HostnameLabel;
}

export interface DcgmNames {
  /**
   * The families of one state. Keeps what is needed to make rates of counters and to name a GPU that has gone silent, so it must
   * see every state of its node in order.
   */
  readonly families: (view: NodeView) => readonly Family[];
}

/** The names, labels and units of dcgm-exporter for one node. */
export function createDcgmNames(settings: DcgmNamesSettings): DcgmNames {
  const metrics = metricsOf(settings.sets, settings.counters);
  const labels = nodeLabels(settings);
  const meter = createTrafficMeter();
  let identities: ReadonlyMap<string, Identity> = new Map();
  return {
    families: (view) => {
      meter.update(view.reading, view.reloads);
      const { reading } = view;
      if (reading !== undefined) identities = identitiesOf(view, reading, identities);
      const devices = reading === undefined ? [] : devicesOf(view, reading, { meter, identities });
      const lines = linesOf(metrics, devices, (sets, device) =>
        deviceLabels(labels, sets, device, reading?.versions ?? {}),
      );
      return [...familiesOf(metrics, lines), ...unknownFields(settings.counters)];
    },
  };
}

function nodeLabels({ counters, hostname, hostnameLabel }: DcgmNamesSettings): NodeLabels {
  const of = (set: DcgmSet): NodeLabels['fields'][DcgmSet] => (counters ?? defaultCounters(set)).labels;
  return { hostname, hostnameLabel, fields: { 'dcgm-4.8': of('dcgm-4.8'), 'dcgm-4.9': of('dcgm-4.9') } };
}

type Lines = ReadonlyMap<DcgmMetric, readonly string[]>;
type LabelsOf = (sets: readonly DcgmSet[], device: LabelledDevice) => Readonly<Record<string, string>>;

function linesOf(metrics: readonly DcgmMetric[], devices: readonly ShownDevice[], labelsOf: LabelsOf): Lines {
  const lines = new Map<DcgmMetric, string[]>(metrics.map((metric) => [metric, []]));
  for (const shown of devices) {
    const rendered = new Map<string, string>();
    for (const [metric, own] of lines) {
      const value = metric.read(shown.device);
      if (value === undefined) continue;
      if (typeof value === 'number') own.push(line(metric, once(rendered, metric.sets, shown, labelsOf), value));
      else own.push(...labelledLines(metric, value, labelsOf(metric.sets, shown)));
    }
  }
  return lines;
}

/** The labels of a device are the same for all metrics of the same sets. */
function once(
  rendered: Map<string, string>,
  sets: readonly DcgmSet[],
  device: LabelledDevice,
  labelsOf: LabelsOf,
): string {
  const key = setsKey(sets);
  const text = rendered.get(key) ?? renderPresent(labelsOf(sets, device));
  rendered.set(key, text);
  return text;
}

function labelledLines(
  metric: DcgmMetric,
  values: readonly LabelledValue[],
  labels: Readonly<Record<string, string>>,
): readonly string[] {
  return values.map(({ labels: own, value }) => line(metric, renderPresent({ ...labels, ...own }), value));
}

function line({ name, unit }: DcgmMetric, labels: string, base: number): string {
  return `${name}${labels} ${formatValue(unit.of(base))}\n`;
}

function familiesOf(metrics: readonly DcgmMetric[], lines: Lines): readonly Family[] {
  return metrics.flatMap((metric) => {
    const own = lines.get(metric) ?? [];
    const { name, kind, help } = metric;
    return own.length === 0 ? [] : [{ name, kind, unit: 'none' as const, help, lines: own }];
  });
}

/** Without a counters file there is nothing that could be unknown. */
function unknownFields(counters: Counters | undefined): readonly Family[] {
  const { emit, families } = createSampleWriter(fleetlens);
  emit('fleetlens_config_unknown_fields', {}, counters?.unknown.length);
  return families();
}
