import type { Endpoint } from './endpoint.ts';

/** What becomes an application: those that ask for GPUs, these and the services that are meant to last, all, or none. */
export const applicationChoices = ['gpu', 'services', 'all', 'none'] as const;
export type ApplicationChoice = (typeof applicationChoices)[number];

export interface TenantRule {
  readonly matches: (namespace: string) => boolean;
  readonly tenant: string;
}

/** Labels of nodes that tell where they are. */
export interface PlaceLabels {
  readonly site: string | undefined;
  readonly room: string | undefined;
  readonly rack: string | undefined;
}

export interface MappingConfig {
  /** Name of the cluster in the inventory. */
  readonly cluster: string;
  readonly tenantLabel: string;
  readonly teamLabel: string;
  /** The first that matches counts, where the namespace itself names no tenant. */
  readonly tenants: readonly TenantRule[];
  readonly placeLabels: PlaceLabels;
  /** Attribute to label of nodes. */
  readonly nodeLabels: readonly (readonly [attribute: string, label: string])[];
  readonly isWanted: (namespace: string) => boolean;
  readonly applications: ApplicationChoice;
  /** Whether DaemonSets and static pods become applications too. */
  readonly hasDaemons: boolean;
}

export interface KubernetesConfig extends MappingConfig {
  readonly endpoint: Endpoint;
  readonly timeoutSeconds: number;
}
