import type { RuleFile, RuleGroup } from './prometheus.ts';

export interface PrometheusRuleOptions {
  /** What the `ruleSelector` of the Prometheus object asks for, such as `release: kube-prometheus-stack`. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly operator?: Operator;
}

/** Whose operator it is: that of Prometheus, of Thanos Ruler too, or that of VictoriaMetrics. */
const kinds = {
  prometheus: { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule' },
  victoriametrics: { apiVersion: 'operator.victoriametrics.com/v1beta1', kind: 'VMRule' },
} as const;
type Operator = keyof typeof kinds;

/** A type, not an interface, so that it may be given where a plain record is asked for. */
export type PrometheusRuleObject = (typeof kinds)[Operator] & {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly groups: readonly RuleGroup[] };
};

/** The groups of a rule file as an object for an operator; the name of the first group becomes the name of the object. */
export function prometheusRule(file: RuleFile, options: PrometheusRuleOptions = {}): PrometheusRuleObject {
  const [group] = file.groups;
  return {
    ...kinds[options.operator ?? 'prometheus'],
    metadata: {
      name: objectName(group.name),
      ...(options.namespace && { namespace: options.namespace }),
      labels: { 'app.kubernetes.io/name': 'fleetlens', ...options.labels },
    },
    spec: { groups: file.groups },
  };
}

// Names of Kubernetes objects are DNS subdomains (RFC 1123): lower case letters, digits, '-' and '.'.
function objectName(group: string): string {
  const name = `fleetlens-${group}`;
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    throw new Error(`rule group "${group}" cannot name a Kubernetes object: use lower case letters, digits and "-"`);
  }
  return name;
}
