import type { RuleFile, RuleGroup } from './prometheus.ts';

export interface PrometheusRuleOptions {
  /** What the `ruleSelector` of the Prometheus object asks for, such as `release: kube-prometheus-stack`. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
}

/** A type, not an interface, so that it may be given where a plain record is asked for. */
export type PrometheusRuleObject = {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PrometheusRule';
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly groups: readonly RuleGroup[] };
};

/** The groups of a rule file as an object of the Prometheus Operator; its group name becomes the name of the object. */
export function prometheusRule(file: RuleFile, options: PrometheusRuleOptions = {}): PrometheusRuleObject {
  const [group] = file.groups;
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
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
