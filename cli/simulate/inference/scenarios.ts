/** What happens to LLM serving; seconds are those of the simulation. */
export interface InferenceEvent {
  /** From here on the engines of one model take so many times as long for each token. */
  readonly slowModel?: { readonly model: string; readonly fromSecond: number; readonly factor: number };
  /** From here on one tenant sends so many times as many requests. */
  readonly burst?: { readonly tenant: string; readonly fromSecond: number; readonly factor: number };
}

export interface InferenceScenario {
  /** One sentence for help and guides. */
  readonly about: string;
  readonly event: InferenceEvent;
}

/** The model that fewer engines serve, so that nobody else takes over. */
export const slowModelName = 'Qwen/Qwen2.5-Coder-7B-Instruct';
export const burstTenantName = 'team-b';

/** Each scenario strikes one model or one tenant; all others stay healthy. */
export const inferenceScenarios = {
  'slow-inference': {
    about:
      'From second 30 on the LLM engine of one model takes twenty times as long for each token: its queue grows, and the first token comes late or never.',
    event: { slowModel: { model: slowModelName, fromSecond: 30, factor: 20 } },
  },
  'tenant-burst': {
    about:
      'From second 30 on one tenant sends twenty times as many LLM requests and runs into its limits; the other tenants are served as before.',
    event: { burst: { tenant: burstTenantName, fromSecond: 30, factor: 20 } },
  },
} as const satisfies Readonly<Record<string, InferenceScenario>>;

export type InferenceScenarioName = keyof typeof inferenceScenarios;

export function isInferenceScenario(name: string): name is InferenceScenarioName {
  return Object.hasOwn(inferenceScenarios, name);
}

/** Nothing happens in the scenarios of other parts. */
export function inferenceEventOf(scenario: string): InferenceEvent {
  return isInferenceScenario(scenario) ? inferenceScenarios[scenario].event : {};
}
