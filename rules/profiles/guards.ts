import { promql, select } from '../../metrics/promql.ts';
import type { Alert } from '../alert.ts';
import { fleetEvent, fleetExamples } from '../alerts/gpu-fleet.ts';
import { exampleNode } from '../examples.ts';
import { perNode, recent } from '../vectors.ts';
import { anySeries, exampleVendorTarget, type GpuSignals, type Signal, shown } from './signals.ts';
import { variantOf } from './variant.ts';

export interface GuardTexts {
  /** First word of the names of its alerts. */
  readonly prefix: 'Dcgm' | 'Amd';
  readonly exporter: string;
  /** Flag that loads the profile. */
  readonly flag: string;
  /** How the labels `gpu_id`, `uuid` and `node` come to be. */
  readonly labels: string;
  readonly curl: string;
  /** What is missing where series are missing that have to be asked for, and how to get it. */
  readonly fields: string;
  readonly askForFields: string;
}

const common = {
  for: '10m',
  action: 'investigate',
  domain: 'fleetlens',
  team: 'observability',
} as const;

/**
 * Rules whose series do not exist are as quiet as a sound fleet. These say so: when the profile is loaded and nothing of it
 * is there, and when a node lacks what most of its alerts read. `sign` stands for all that has to be asked for.
 */
export function guardAlerts({ temperature }: GpuSignals, sign: Signal, texts: GuardTexts): readonly Alert[] {
  const labelled = select(temperature.metric, { uuid: { not: '' }, node: { not: '' } });
  const other = temperature.or && select(temperature.or, { uuid: { not: '' }, node: { not: '' } });
  const anywhere = other === undefined ? labelled : promql`${labelled} or ${other}`;
  const shows = other === undefined ? recent(labelled) : promql`${recent(labelled)} or ${recent(other)}`;
  return [
    {
      ...common,
      name: `${texts.prefix}SeriesAbsent` as const,
      expr: promql`absent(${anywhere})`,
      severity: 'critical',
      summary: `The rules for ${texts.exporter} are loaded, and there is no series for them to read.`,
      description: `No temperature of ${texts.exporter} with the labels uuid and node is in Prometheus, so none of its alerts can fire. Look whether the exporter is scraped and whether its labels are relabelled.`,
      runbook: {
        meaning: `Alerts of this profile watch nothing. Either ${texts.exporter} is not scraped, or it is another version with other names, or its labels do not have the names that the rules go by.`,
        firstLook: [
          `What it shows: ${texts.curl}.`,
          `Is the name there without the labels: \`count(${temperature.metric.name})\`.`,
        ],
        remedy: [
          texts.labels,
          'Another version: load the profile that has its names; the guide of GPU profiles tells which.',
          `You do not have ${texts.exporter}: leave the profile out, \`${texts.flag}\`.`,
        ],
      },
      fires: {
        when: 'The series are there without the label uuid',
        series: [shown(temperature, '#50x20', { ...exampleVendorTarget, uuid: '' })],
        at: '15m',
        alerts: [{}],
      },
      quiet: { when: 'One GPU is there', series: [shown(temperature, '#50x20')], at: '15m' },
    },
    {
      ...common,
      name: `${texts.prefix}FieldsMissing` as const,
      expr: promql`${perNode(shows)} > 0
unless on (cluster, node)
${perNode(recent(sign.metric))}`,
      severity: 'warning',
      summary: `An exporter of GPUs does not show ${texts.fields}.`,
      description: `${texts.exporter} on {{ $labels.node }} in {{ $labels.cluster }} shows temperatures and not ${texts.fields}. ${texts.askForFields}`,
      runbook: {
        meaning: `Some alerts of this profile cannot fire for the node, and nothing else says so: ${texts.exporter} leaves these series out unless it is told to show them.`,
        firstLook: [
          `What it shows: ${texts.curl}.`,
          `On how many nodes: \`count(count by (node) (${temperature.metric.name})) - count(count by (node) (${sign.metric.name}))\`.`,
        ],
        remedy: [
          texts.askForFields,
          'The GPU itself does not have them, as older or virtual ones: silence the alert for these nodes.',
        ],
      },
      fires: {
        when: 'One of two nodes shows temperatures alone',
        series: [
          shown(temperature, '#50x20'),
          shown(temperature, '#50x20', { ...exampleVendorTarget, node: 'n2' }),
          shown(sign, '0x20', { ...exampleVendorTarget, node: 'n2' }),
        ],
        at: '15m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'Both are there',
        series: [shown(temperature, '#50x20'), shown(sign, '0x20')],
        at: '15m',
      },
      edges: [{ when: 'The sensor reads nothing', series: [shown(temperature, '0x20')], at: '15m' }],
    },
    fleetEventOf(temperature),
  ];
}

function fleetEventOf(temperature: Signal): Alert {
  return variantOf('GpuFleetEvent', {
    expr: fleetEvent(anySeries(temperature, recent)),
    thresholds: ['gpuFleetEventNodesCount', 'gpuFleetEventRatio'],
    ...fleetExamples((place) => shown(temperature, '#50x3', { ...exampleVendorTarget, ...place })),
  });
}
