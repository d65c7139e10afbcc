/** What an object of Kubernetes has in common with every other. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export interface ObjectOptions {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Secret extends KubernetesObject {
  readonly stringData: Readonly<Record<string, string>>;
}

/** What an Alertmanager object has to have beside what stands in it already. */
export interface AlertmanagerPatch {
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Of the Secret with the configuration and its templates. */
export const secretName = 'fleetlens-alertmanager';
/** Where the operator puts every entry of that Secret. */
export const configFolder = '/etc/alertmanager/config';

export function secret(stringData: Readonly<Record<string, string>>, { namespace }: ObjectOptions): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, ...(namespace === undefined ? {} : { namespace }) },
    stringData,
  };
}

export function alertmanagerPatch(spec: Readonly<Record<string, unknown>>): AlertmanagerPatch {
  return { spec: { configSecret: secretName, ...spec } };
}
