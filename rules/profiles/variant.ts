import type { Expr } from '../../metrics/promql.ts';
import type { Alert, Example } from '../alert.ts';
import { alertThemes } from '../alerts/index.ts';
import { exampleGpu } from '../examples.ts';
import type { ThresholdName } from '../thresholds.ts';

export interface Variant {
  readonly expr: Expr;
  readonly thresholds?: readonly ThresholdName[];
  readonly fires: Example & { readonly alerts?: readonly Readonly<Record<string, string>>[] };
  readonly quiet: Example;
  readonly edges?: Alert['edges'];
}

const native = new Map<string, Alert>(alertThemes.flatMap(({ alerts }) => alerts.map((alert) => [alert.name, alert])));

/**
 * An alert of ours on series of another exporter: name, texts, severity and timing stay, so that routes, inhibitions and
 * runbooks are the same whoever reads the GPU.
 */
export function variantOf(name: string, { expr, thresholds, fires, quiet, edges }: Variant): Alert {
  const alert = native.get(name);
  if (alert === undefined) throw new Error(`there is no alert ${name} to make a variant of`);
  const { thresholds: _ours, edges: _onOurSeries, ...shared } = alert;
  return {
    ...shared,
    expr,
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(edges === undefined ? {} : { edges }),
    fires: { alerts: [exampleGpu], ...fires },
    quiet,
  };
}
