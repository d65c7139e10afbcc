/** Settings of the app that everybody of the organisation may read; tokens are kept apart, as secrets. */
export interface Connections {
  readonly cmdbUrl?: string;
  readonly billingUrl?: string;
  readonly predictionUrl?: string;
  readonly alertmanagerUrl?: string;
}
