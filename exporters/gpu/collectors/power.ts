import { familyCollector } from './gpu-collector.ts';

export const power = familyCollector('power', ({ watts, instantWatts, energyJoules, limitWatts }, labels, emit) => {
  emit('gpu_power_watts', labels, watts);
  emit('gpu_power_instant_watts', labels, instantWatts);
  emit('gpu_energy_joules_total', labels, energyJoules);
  for (const kind of ['enforced', 'default', 'min', 'max'] as const) {
    emit('gpu_power_limit_watts', { ...labels, kind }, limitWatts[kind]);
  }
});
