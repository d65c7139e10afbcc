import type { Expr } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineAlerts } from '../alert.ts';
import { exampleOtherRun, examplePhase, exampleRun, exampleRunTarget, type RunLabels } from '../examples.ts';
import { lately, settled, usually } from '../history.ts';
import { trainingGroup } from '../recording/training.ts';
import { runsIn } from '../runs.ts';
import { thresholds } from '../thresholds.ts';
import { lookAtGpus, lookForXids, whichRun } from '../training-texts.ts';
import { ownWork, perRank, perRun, recent } from '../vectors.ts';

const tokens = training.training_tokens_per_second;
const stepDuration = trainingGroup.series['run:training_step_duration_seconds:mean5m'];

const score = perRank(
  promql`max_over_time(${select(training.training_rank_relative_score_ratio, { phase: ownWork })}[3m])`,
);
const rankSeconds = perRank(recent(training.training_rank_phase_seconds));
const medianStep = perRun(recent(training.training_step_duration_median_seconds));

const other = exampleOtherRun('other');
const noHistory = exampleOtherRun('no-history');
const smaller = exampleOtherRun('smaller');
const ended = exampleOtherRun('ended');
const stopped = exampleOtherRun('stopped');

const isTraining = examplePhase('training', '1x120');

/** Steps go on, and tokens per second are as given. */
function speed(tokensPerSecond: string, labels: RunLabels = exampleRunTarget): readonly (readonly [Expr, string])[] {
  return [
    [series(tokens, labels), tokensPerSecond],
    [series(training.training_steps_total, labels), '0+30x120'],
  ];
}

/** Rank 17 takes the given time for a phase whose fastest rank takes a second; a step takes two. */
function rank(phase: string, seconds: string, scores: string, labels: RunLabels = exampleRunTarget) {
  return [
    [series(training.training_rank_phase_seconds, { ...labels, phase, rank: '17' }), seconds],
    [series(training.training_rank_relative_score_ratio, { ...labels, phase, rank: '17' }), scores],
    [series(training.training_step_duration_median_seconds, labels), '2x30'],
    examplePhase('training', labels === ended ? '0x30' : '1x30', labels),
  ] as const;
}

const compareSpeed =
  'Tokens per second, step time and phases on the board Training runs, for the last day: did it drop at once or creep down, and which phase grew.';
const throttled =
  'Are clocks held down: `nvidia-smi -q -d PERFORMANCE,CLOCK | grep -E "GPU 0|Active|SM"`, and the GPUs of the run on the board.';

export default defineAlerts({
  theme: 'training-speed',
  alerts: [
    {
      name: 'TrainingThroughputDrop',
      expr: promql`(
  (${perRun(lately(tokens))} / ${perRun(usually(tokens))} and ${perRun(settled(tokens))})
  or
  (
    ${perRun(usually(stepDuration))} / ${perRun(lately(stepDuration))} and ${perRun(settled(stepDuration))}
    unless
    ${perRun(tokens)}
    unless
    ${perRun(promql`changes(${training.training_global_batch_size}[130m])`)} > 0
  )
) < ${thresholds.trainingThroughputDropRatio}
and
${perRun(promql`increase(${training.training_steps_total}[15m])`)} > 0
unless
${perRun(promql`changes(${training.training_world_size}[130m])`)} > 0`,
      thresholds: ['trainingThroughputDropRatio'],
      for: '10m',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'A run is slower than it was.',
      description: `${whichRun} runs at {{ $value | humanizePercentage }} of its usual speed. See first whether one rank or the data loader holds up the rest.`,
      runbook: {
        meaning:
          'The run makes steps, but far fewer than in the two hours before. It is judged by its tokens per second, or by the mean duration of its steps where those are not reported. A change of the number of ranks, or of the batch size where only steps are known, is not held against it.',
        firstLook: [
          compareSpeed,
          'One slow rank: alert TrainingStraggler, or `bottomk(5, training_rank_relative_score_ratio{run="<run>"})`.',
          'Data: `rate(training_badput_seconds_total{run="<run>",reason="data_loading"}[10m])` is the share of the time that it waits.',
          lookAtGpus,
          throttled,
          lookForXids,
          'Network: `ibstat | grep -E "State|Rate"` on each node, and NVLink: `nvidia-smi nvlink -s`. A link that came back at a lower rate slows all ranks alike.',
        ],
        remedy: [
          'A slow node: take it out and start again without it.',
          'Data loader: more workers, prefetch, or data on local disks.',
          'Neighbours on shared storage or network: ask what started at that time (`squeue --sort=-S | head`).',
          'Longer sequences or another curriculum stage: expected. The alert ends by itself within two hours.',
        ],
      },
      fires: {
        when: 'After an hour at 100,000 tokens per second it is 80,000, with as many ranks',
        series: [
          ...speed('100000x60 80000x60'),
          [series(training.training_world_size, exampleRunTarget), '64x120'],
          isTraining,
        ],
        at: '80m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'A run drops by a tenth; a young one by half; one goes on with half the ranks; one has longer steps since its batch was doubled, and one makes no steps',
        series: [
          ...speed('100000x60 90000x60'),
          isTraining,
          ...speed('_x60 100000x14 50000x50', noHistory),
          ...speed('100000x60 50000x60', smaller),
          [series(training.training_world_size, smaller), '64x60 32x60'],
          [series(training.training_steps_total, other), '0+30x120'],
          [series(stepDuration, { cluster: 'c1', run: 'other', job_id: '4712', framework: 'torchtitan' }), '2x60 4x60'],
          [series(training.training_global_batch_size, other), '512x60 1024x60'],
          [series(tokens, stopped), '100000x60 50000x60'],
          [series(training.training_steps_total, stopped), '0+30x50 1500x70'],
        ],
        at: '88m',
      },
      edges: [
        {
          when: 'A slow run makes one step in a quarter of an hour',
          series: [
            [series(tokens, exampleRunTarget), '100000x60 80000x60'],
            [series(training.training_steps_total, exampleRunTarget), '0x67 1x52'],
          ],
          at: '80m',
          alerts: [exampleRun],
        },
      ],
    },
    {
      name: 'TrainingMfuLow',
      expr: promql`${perRun(promql`avg_over_time(${training.training_mfu_ratio}[30m])`)} < ${thresholds.trainingMfuLowRatio}
and
${perRun(promql`last_over_time(${training.training_mfu_ratio}[5m] offset 30m)`)}
and
${runsIn('training', 'evaluating', 'checkpointing')}`,
      thresholds: ['trainingMfuLowRatio'],
      for: '30m',
      severity: 'info',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'A run makes little use of the arithmetic of its GPUs.',
      description: `${whichRun} uses {{ $value | humanizePercentage }} of the peak of its GPUs. Profile one step before you ask for more GPUs.`,
      runbook: {
        meaning:
          'Model FLOPs utilization compares the arithmetic that the model needs with what the GPUs could do. A low one is no fault, but the same run could be faster or on fewer GPUs. The peak must fit the GPU and the precision: with a wrong one the ratio means nothing.',
        firstLook: [
          'Is the peak right: model and GPU in the mapping file of the exporter, or the peak that the framework assumes (it logs it at the start).',
          'Phases and waiting for data on the board Training runs.',
          'One step in a profile: `torch.profiler` for steps 10 to 12, or `nsys profile -y 60 -d 20 python <script>`.',
          lookAtGpus,
        ],
        remedy: [
          'Small kernels: larger micro batch, `torch.compile`, fused optimizer, FlashAttention.',
          'Much communication: tensor parallelism only within a node, overlap, larger gradient accumulation.',
          'Known to be so for this model: lower trainingMfuLowRatio.',
        ],
      },
      fires: {
        when: 'A run has been at 24 % for over an hour',
        series: [[series(training.training_mfu_ratio, exampleRunTarget), '0.24x80'], isTraining],
        at: '65m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'A run at 26 %, and one that has been at 18 % for forty minutes only',
        series: [
          [series(training.training_mfu_ratio, exampleRunTarget), '0.26x80'],
          isTraining,
          [series(training.training_mfu_ratio, other), '_x30 0.18x50'],
          examplePhase('training', '1x80', other),
        ],
        at: '75m',
      },
    },
    {
      name: 'TrainingStraggler',
      expr: promql`${score} < ${thresholds.trainingStragglerRatio}
and
${rankSeconds} * (1 - ${score}) > on (cluster, run, job_id, framework) group_left () ${thresholds.trainingStragglerStepRatio} * ${medianStep}
and on (cluster, run, job_id, framework)
${runsIn('training', 'evaluating', 'checkpointing')}`,
      thresholds: ['trainingStragglerRatio', 'trainingStragglerStepRatio'],
      for: '5m',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'One rank of a run is slower than the fastest and holds up all others.',
      description: `Rank {{ $labels.rank }} of run {{ $labels.run }}{{ with $labels.job_id }} (job {{ . }}){{ end }} in {{ $labels.cluster }} works at {{ $value | humanizePercentage }} of the speed of the fastest rank in the phase {{ $labels.phase }}. Find its node and GPU, and compare them with another.`,
      runbook: {
        meaning:
          'All ranks wait for the slowest one in each step, so one slow GPU, node or data shard costs the whole run. The time of whole steps is the same on all ranks and does not show it; the time of a phase before the ranks meet does. Phases in which ranks wait for each other are left out.',
        firstLook: [
          'Where the rank runs. Ranks count through the nodes in the order of `scontrol show hostnames $(squeue -h -j <job_id> -o %N)`: with 8 GPUs a node, rank 17 is GPU 1 of the third. On Kubernetes: `kubectl get pods -n <namespace> -L training.kubeflow.org/replica-index -o wide`; or grep `node_rank` and `local_rank` in the log of the start.',
          'Its GPU against its neighbours: `nvidia-smi --query-gpu=index,clocks.sm,power.draw,temperature.gpu,clocks_event_reasons.active --format=csv`. Lower clocks at the same load are heat or power.',
          'Its node: `uptime`, `cat /proc/pressure/cpu`, `numactl -H`, other jobs (`squeue -w <node>`), a PCIe link below its width (`nvidia-smi --query-gpu=index,pcie.link.width.current,pcie.link.gen.current --format=csv`).',
          'Phase data_loading: the data shard, the disk or the CPUs of that rank, not its GPU.',
          'Uneven work by design: pipeline stages and experts differ. Compare only ranks of the same stage.',
        ],
        remedy: [
          'Take the node out and start again from a checkpoint: `scontrol update nodename=<node> state=drain reason="slow rank"`, `kubectl cordon <node>`.',
          'Held down by heat or power: see the runbook of GpuThermalThrottle or GpuHwSlowdown, and hand over to the owners of the machine.',
          'CPU: pin processes to the NUMA node of their GPU, fewer loader workers than cores, no other job on the node.',
        ],
      },
      fires: {
        when: 'Rank 17 takes 0.33 s where the fastest takes 0.22 s',
        series: rank('forward_backward', '0.22x5 0.33x20', '1x5 0.67x20'),
        at: '14m',
        alerts: [{ ...exampleRun, phase: 'forward_backward', rank: '17' }],
      },
      quiet: {
        when: 'A rank at 78 %; in other runs one that is slow for a window only, one that loses less than a twentieth of a step, one that waits in communication for others, and one that was slow until the run ended',
        series: [
          ...rank('forward_backward', '1.28x30', '0.78x30'),
          ...rank('forward_backward', '1x5 1.5 1x20', '1x5 0.67 1x20', other),
          ...rank('data_loading', '0.28x30', '0.67x30', noHistory),
          ...rank('communication', '1.5x30', '0.1x30', smaller),
          ...rank('forward_backward', '1.5x30', '0.67x30', ended),
          examplePhase('finished', '1x30', ended),
        ],
        at: '10m',
      },
      edges: [
        {
          when: 'A rank was slow until the run ended',
          series: [
            ...rank('forward_backward', '1.5x30', '0.67x30').filter(
              ([{ promql: name }]) => !name.includes('run_phase'),
            ),
            examplePhase('training', '0x30'),
            examplePhase('finished', '1x30'),
          ],
          at: '14m',
        },
      ],
    },
    {
      name: 'TrainingDataStarved',
      expr: promql`${perRun(promql`rate(${select(training.training_badput_seconds_total, { reason: 'data_loading' })}[10m])`)}
/
(${perRun(promql`rate(${training.training_wall_seconds_total}[10m])`)} > 0)
> ${thresholds.trainingDataStarvedRatio}
and
${runsIn('training')}`,
      thresholds: ['trainingDataStarvedRatio'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'A run waits for data for much of its time.',
      description: `${whichRun} spends {{ $value | humanizePercentage }} of its time waiting for data. Look at the loader workers and the storage that they read from.`,
      runbook: {
        meaning: 'The GPUs idle while the next batch is loaded and prepared. More GPUs would not make the run faster.',
        firstLook: [
          'What the workers do: `py-spy top --pid <pid of a worker>`; `py-spy dump --pid <pid>` shows whether they read, decode or wait.',
          'CPU of the node: `mpstat -P ALL 5 1`, `cat /proc/pressure/cpu`, and the CPU limit of the pod or job (`scontrol show job <job_id> | grep -E "NumCPUs|TRES"`).',
          'Storage: `iostat -x 5 2`, `nfsiostat 5 2`, `lctl get_param llite.*.stats`; and how long one file takes: `time cat <file> > /dev/null`.',
          'All ranks or one: phase data_loading by rank on the board Training runs.',
        ],
        remedy: [
          'More workers and prefetch: `num_workers`, `prefetch_factor`, `pin_memory=True`, `persistent_workers=True`.',
          'Prepare once instead of in each epoch: tokenized and packed shards, larger files, data on local NVMe.',
          'Ask for more CPUs for each GPU: `--cpus-per-gpu`, or the CPU request of the pod.',
        ],
      },
      fires: {
        when: 'A quarter of the time is spent on waiting for data',
        series: [
          [series(training.training_badput_seconds_total, { ...exampleRunTarget, reason: 'data_loading' }), '0+15x60'],
          [series(training.training_wall_seconds_total, exampleRunTarget), '0+60x60'],
          isTraining,
        ],
        at: '30m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'A sixth of the time is spent on it, and half of it on checkpoints',
        series: [
          [series(training.training_badput_seconds_total, { ...exampleRunTarget, reason: 'data_loading' }), '0+10x60'],
          [
            series(training.training_badput_seconds_total, { ...exampleRunTarget, reason: 'checkpoint_save' }),
            '0+30x60',
          ],
          [series(training.training_wall_seconds_total, exampleRunTarget), '0+60x60'],
          isTraining,
        ],
        at: '30m',
      },
      edges: [
        {
          when: 'The time of the run stands still',
          series: [
            [
              series(training.training_badput_seconds_total, { ...exampleRunTarget, reason: 'data_loading' }),
              '0+15x60',
            ],
            [series(training.training_wall_seconds_total, exampleRunTarget), '0x60'],
            isTraining,
          ],
          at: '30m',
        },
      ],
    },
  ],
});
