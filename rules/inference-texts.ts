/** How the descriptions of alerts about models begin. */
export const whichModel = 'Model {{ $labels.model_name }} ({{ $labels.engine_kind }}) in {{ $labels.cluster }}';
export const whichTenant = 'Tenant {{ $labels.tenant }} in {{ $labels.cluster }}';

/** Steps that several runbooks of LLM serving have in common. */
export const compareKinds =
  'On the board LLM serving, compare the proxy with the engine behind it: slow at both is the engine; slow at the proxy alone is its queue, the network, or a limit of the tenant.';
export const lookAtLoad =
  'Load of the engine: `model:inference_requests_waiting:sum`, `model:inference_active_connections:sum` and `model:inference_kv_cache_usage_ratio:max` for the model. A queue or a full cache means too few replicas for the load.';
export const lookAtEngine =
  'What the engine says: `kubectl logs <pod> --tail=100`, `docker logs --tail 100 <container>`; and its GPUs: `nvidia-smi`, the board GPU fleet.';
export const askProxy =
  'What the proxy says: `journalctl -u fleetlens-inference -n 100`, `kubectl logs deploy/<proxy> --tail=100`; and one request by hand: `curl -sS http://<proxy>/v1/models -H "Authorization: Bearer <key>"`.';
export const addReplicas =
  'More replicas of the model (`kubectl scale deployment/<engine> --replicas=<n>`), or fewer requests: lower the limits of the tenant that sends most.';
