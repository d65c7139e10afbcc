import type { InferenceCollector } from './inference-collector.ts';

export const upstreamsCollector: InferenceCollector = {
  name: 'upstreams',
  collect: ({ proxy }, { emit }) => {
    for (const { name, upstream: server, isUp, active, waiting } of proxy?.upstreams ?? []) {
      const upstream = { upstream: name };
      emit('inference_upstream_info', { ...upstream, engine_kind: server.kind }, 1);
      emit('inference_upstream_up', upstream, isUp ? 1 : 0);
      emit('inference_upstream_active_requests', upstream, active);
      emit('inference_upstream_waiting_requests', upstream, waiting);
    }
  },
};
