/** What the texts of several alerts about GPUs share. */
export const whichGpu = 'GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }}';

export const drainNode =
  'Take new work off the node: `kubectl drain <node> --ignore-daemonsets --delete-emptydir-data`, or `scontrol update nodename=<node> state=drain reason="gpu"`.';

export const exchangeBoard =
  'Have the board exchanged; the case wants `nvidia-bug-report.sh` and the serial number from `nvidia-smi -q -i <gpu_id>`.';

export const whoHoldsGpu =
  'Who holds it: `nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv -i <gpu_id>`, and `gpu_job_info{uuid="<uuid>"}` or `gpu_pod_info{uuid="<uuid>"}`.';

export const readLinks =
  'On the node: `nvidia-smi nvlink --status -i <gpu_id>` and `nvidia-smi nvlink --errorcounters -i <gpu_id>`.';
