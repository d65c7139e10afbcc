/** Frameworks that simulated runs are trained with; each writes in its own way. */
export const simulatedFrameworks = ['megatron', 'torchtitan', 'huggingface', 'deepspeed'] as const;
export type SimulatedFramework = (typeof simulatedFrameworks)[number];
