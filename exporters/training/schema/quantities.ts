/**
 * What a value means for a run:
 * - gauge: the last value is shown;
 * - total: counted since training began, and grows with the steps of an attempt;
 * - count: happened that often since the last report;
 * - phase: seconds that this phase took in one step;
 * - mark: says something by being there.
 */
export type Role = 'gauge' | 'total' | 'count' | 'phase' | 'mark';

/**
 * The schema that every framework's words are turned into. All values are in base units: seconds, bytes, ratios, FLOPs. `evaluates` marks
 * values of an evaluation: they say nothing about the progress of training.
 */
export const quantities = {
  loss: { role: 'gauge' },
  eval_loss: { role: 'gauge', evaluates: true },
  accuracy: { role: 'gauge' },
  eval_accuracy: { role: 'gauge', evaluates: true },
  perplexity: { role: 'gauge' },
  eval_perplexity: { role: 'gauge', evaluates: true },
  learning_rate: { role: 'gauge' },
  grad_norm: { role: 'gauge' },
  loss_scale: { role: 'gauge' },
  epoch: { role: 'gauge' },
  max_steps: { role: 'gauge' },
  world_size: { role: 'gauge' },
  /** Samples of one step over all ranks. */
  global_batch_size: { role: 'gauge' },
  /** Over all ranks. */
  tokens_per_second: { role: 'gauge' },
  /** Of one GPU; times the world size over all. */
  tokens_per_second_per_gpu: { role: 'gauge' },
  samples_per_second: { role: 'gauge' },
  flops_per_second_per_gpu: { role: 'gauge' },
  mfu_ratio: { role: 'gauge' },
  memory_active_bytes: { role: 'gauge' },
  memory_allocated_bytes: { role: 'gauge' },
  memory_max_allocated_bytes: { role: 'gauge' },
  memory_reserved_bytes: { role: 'gauge' },
  samples: { role: 'total' },
  tokens: { role: 'total' },
  skipped_steps: { role: 'count' },
  nonfinite_steps: { role: 'count' },
  /** Duration of a whole step, as the framework measures it. */
  step_seconds: { role: 'gauge' },
  data_loading_seconds: { role: 'phase', phase: 'data_loading' },
  forward_seconds: { role: 'phase', phase: 'forward' },
  backward_seconds: { role: 'phase', phase: 'backward' },
  forward_backward_seconds: { role: 'phase', phase: 'forward_backward' },
  optimizer_seconds: { role: 'phase', phase: 'optimizer' },
  communication_seconds: { role: 'phase', phase: 'communication' },
  checkpoint_seconds: { role: 'phase', phase: 'checkpoint' },
  evaluation_seconds: { role: 'phase', phase: 'evaluation' },
  /** Total run time or the like, which a framework writes once, at the end. */
  finished: { role: 'mark' },
} as const satisfies Readonly<Record<string, QuantitySpec>>;

interface QuantitySpec {
  readonly role: Role;
  readonly evaluates?: boolean;
  readonly phase?: string;
}

export type Quantity = keyof typeof quantities;
export const quantityNames = Object.keys(quantities) as readonly Quantity[];

export function quantitySpec(quantity: Quantity): QuantitySpec {
  return quantities[quantity];
}

/** The phases of a step that have a name in every framework; a profiler may add its own. */
export const stepPhases = [
  'data_loading',
  'forward',
  'backward',
  'forward_backward',
  'optimizer',
  'communication',
  'checkpoint',
  'evaluation',
] as const;
