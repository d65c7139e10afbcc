import { gaugeOf, perRun } from './training-collector.ts';

const kinds = {
  active: 'memory_active_bytes',
  allocated: 'memory_allocated_bytes',
  max_allocated: 'memory_max_allocated_bytes',
  reserved: 'memory_reserved_bytes',
} as const;

export const memoryCollector = perRun('memory', ({ labels, state }, { emit }) => {
  for (const [kind, quantity] of Object.entries(kinds)) {
    emit('training_memory_bytes', { ...labels, kind }, gaugeOf(state, quantity));
  }
});
