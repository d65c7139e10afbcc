import type { SimulatedServingKey } from '../inference/simulated-engines.ts';

export interface BillingFileSettings {
  readonly prometheusUrl: string;
  /** Undefined for the GPUs of this machine. */
  readonly simulation: SimulatedServingKey | undefined;
}

/** What an operator of the simulated cluster would write: whose what is, what it costs, and how much each may spend. */
export function billingFile({ prometheusUrl, simulation }: BillingFileSettings): object {
  return {
    sources: [{ type: 'prometheus', url: prometheusUrl }],
    window: '1m',
    delay: '10s',
    ...(simulation === undefined ? {} : {}),
  };
}
