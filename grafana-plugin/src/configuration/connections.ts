/** Settings of the app that everybody of the organisation may read; tokens are kept apart, as secrets. */
export interface Connections {
  readonly cmdbUrl?: string;
  readonly billingUrl?: string;
  readonly predictionUrl?: string;
  readonly alertmanagerUrl?: string;
}

/** Secrets are sent to Grafana and never come back: it tells only which of them are there. */
export const SECRETS = [
  'cmdbToken',
  'cmdbEditorToken',
  'billingToken',
  'predictionToken',
  'alertmanagerAuthorization',
] as const;
export type Secret = (typeof SECRETS)[number];

/** What Grafana tells of the settings of the app. */
export interface AppSettings {
  readonly enabled: boolean;
  readonly pinned: boolean;
  readonly jsonData: Readonly<Record<string, unknown>>;
  /** Which secrets are there. */
  readonly secureJsonFields: Readonly<Record<string, boolean>>;
}
