/** How the descriptions of alerts about training runs begin. */
export const whichRun =
  'Run {{ $labels.run }}{{ with $labels.job_id }} (job {{ . }}){{ end }} in {{ $labels.cluster }}';

/** Steps that several runbooks of training runs have in common. */
export const readLog =
  'The last lines of the log: `scontrol show job <job_id> | grep StdOut` and `tail -n 200 <file>`; `kubectl logs -n <namespace> <pod> --tail=200`, with `--previous` after a restart. In one file for all ranks, find the rank that complained first.';
export const findProcesses =
  'Where it runs: `squeue -j <job_id> -o "%i %T %M %R %N"`; `kubectl get pods -n <namespace> -o wide`. The board Training runs lists host and pod, and the GPUs of the run.';
export const dumpStacks =
  'What each rank does right now, on each node: `for p in $(pgrep -f <script>.py); do py-spy dump --pid $p; done`. Most ranks wait in a collective such as all_reduce; the one that stands elsewhere is the cause.';
export const lookAtGpus =
  'The GPUs: `nvidia-smi --query-gpu=index,utilization.gpu,power.draw,clocks.sm,temperature.gpu --format=csv`. Full utilization at a fraction of the usual power is a collective that spins; no utilization is a CPU, data or storage problem.';
export const lookForXids =
  'Faults below the run: `dmesg -T | grep -i -E "xid|nvrm|oom|nfs|lustre"` on its nodes, and alerts about their GPUs.';
export const restartFromCheckpoint =
  'Start the run again from its newest complete checkpoint: `scontrol requeue <job_id>`, or delete the pods of the job so that its controller makes new ones. Leave out a node that is suspect: `sbatch --exclude=<node>`, `kubectl cordon <node>`.';
