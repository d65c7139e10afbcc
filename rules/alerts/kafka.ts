import { promql, series } from '../../metrics/promql.ts';
import { kafka } from '../../metrics/vendors/kafka-exporter.ts';
import { absentAlert } from '../absent-alert.ts';
import { defineAlerts } from '../alert.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const { kafka_consumergroup_lag: lag, kafka_brokers: brokers, kafka_topic_partition_leader: leader } = kafka;
const underReplicated = kafka.kafka_topic_partition_under_replicated_partition;

const exporter = { cluster: 'c1', job: 'kafka', instance: 'kafka-exporter:9308' } as const;
const partition = { ...exporter, topic: 'gpu-events', partition: '0' } as const;
const reader = { ...partition, consumergroup: 'audit' } as const;
const group = { cluster: 'c1', job: 'kafka', consumergroup: 'audit', topic: 'gpu-events' } as const;

const lagOf = promql`sum by (cluster, job, consumergroup, topic) (max by (cluster, job, consumergroup, topic, partition) (${recent(lag)}))`;
const lagBefore = promql`sum by (cluster, job, consumergroup, topic) (max by (cluster, job, consumergroup, topic, partition) (${lag} offset 15m))`;
const describeTopics =
  'Which partitions: `kafka-topics.sh --bootstrap-server <broker>:9092 --describe --unavailable-partitions` and `--under-replicated-partitions`.';
const readBrokers =
  'On the brokers: `systemctl status kafka`, `df -h`, and the end of `server.log`; in Kubernetes `kubectl -n <namespace> get pods -l strimzi.io/kind=Kafka`.';

export default defineAlerts({
  theme: 'kafka',
  profile: 'kafka',
  alerts: [
    {
      name: 'KafkaConsumerLag',
      expr: promql`${lagOf} > ${thresholds.kafkaLagCount}
and
${lagOf} > ${lagBefore}`,
      thresholds: ['kafkaLagCount'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Readers of a topic of Kafka fall behind.',
      description:
        'Group {{ $labels.consumergroup }} is {{ $value | humanize }} messages behind on topic {{ $labels.topic }} in {{ $labels.cluster }}, and more than a quarter of an hour ago. See whether its members run.',
      runbook: {
        meaning:
          'What reads the topic sees the past. When messages are older than the topic keeps them they are lost for it.',
        firstLook: [
          'Who reads and where: `kafka-consumer-groups.sh --bootstrap-server <broker>:9092 --describe --group <consumergroup>`.',
          'Are there members: `kafka_consumergroup_members{consumergroup="<consumergroup>"}`, and the logs of the readers.',
        ],
        remedy: [
          'No members: start the readers.',
          'One partition only: a message that cannot be processed is tried again and again; the log of its reader names it.',
          'All partitions: more readers, up to the number of partitions.',
        ],
      },
      fires: {
        when: 'A group is behind by more and more messages on two partitions, as two exporters see it',
        series: [
          [series(lag, reader), '0+200x40'],
          [series(lag, { ...reader, instance: 'kafka-exporter-2:9308' }), '0+200x40'],
          [series(lag, { ...reader, partition: '1' }), '0+200x40'],
        ],
        at: '38m',
        alerts: [group],
      },
      quiet: {
        when: 'A group is far behind on two partitions and catches up, another one is a bit behind, and more since minutes',
        series: [
          [series(lag, reader), '90000-1000x40'],
          [series(lag, { ...reader, partition: '1' }), '90000-1000x40'],
          [series(lag, { ...reader, consumergroup: 'billing' }), '8000+50x30 11000+50x9'],
        ],
        at: '35m',
      },
    },
    {
      name: 'KafkaBrokersMissing',
      expr: promql`max by (cluster, job) (${recent(brokers)})
<
max by (cluster, job) (max_over_time(${brokers}[1d]))`,
      for: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Kafka has fewer brokers than it had within the last day.',
      description:
        'Kafka {{ $labels.job }} in {{ $labels.cluster }} has {{ $value | humanize }} brokers left. Find the one that is gone before another one goes.',
      runbook: {
        meaning: 'Partitions whose only copies were there cannot be read or written; others have no spare.',
        firstLook: [readBrokers, describeTopics],
        remedy: [
          'Start the broker. If its disk is full, shorten what topics keep: `kafka-configs.sh --alter --add-config retention.ms=<ms>`.',
          'It was taken out on purpose: the alert ends within a day.',
        ],
      },
      fires: {
        when: 'One of three brokers is gone',
        series: [[series(brokers, exporter), '3x10 2x10']],
        at: '17m',
        alerts: [{ cluster: 'c1', job: 'kafka' }],
      },
      quiet: {
        when: 'A broker was started again within four minutes',
        series: [[series(brokers, exporter), '3x10 2 2 2 2 3x8']],
        at: '14m',
      },
    },
    {
      name: 'KafkaPartitionOffline',
      expr: promql`count by (cluster, job, topic) (max by (cluster, job, topic, partition) (${recent(leader)}) < 0)`,
      for: '2m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A topic of Kafka has partitions that nobody leads.',
      description:
        'Topic {{ $labels.topic }} in {{ $labels.cluster }} has {{ $value | humanize }} partitions without a leader. They can be neither read nor written until a broker with a copy is back.',
      runbook: {
        meaning: 'Producers of these partitions wait or lose messages; readers stand still.',
        firstLook: [describeTopics, readBrokers],
        remedy: [
          'Start the brokers that have copies.',
          'They are lost for good: `kafka-leader-election.sh --election-type UNCLEAN --topic <topic>` takes a copy that is behind. What it lacks is lost.',
        ],
      },
      fires: {
        when: 'A partition has no leader',
        series: [
          [series(leader, partition), '1 -1x6'],
          [series(leader, { ...partition, partition: '1' }), '2x7'],
          [series(leader, { ...partition, topic: 'audit' }), '0x7'],
          [series(leader, { ...partition, topic: 'audit', partition: '1' }), '3x7'],
        ],
        at: '5m',
        alerts: [{ cluster: 'c1', job: 'kafka', topic: 'gpu-events' }],
      },
      quiet: {
        when: 'Broker 0 leads, and a partition has changed its leader within a minute',
        series: [
          [series(leader, partition), '0x7'],
          [series(leader, { ...partition, partition: '1' }), '2 -1 0x5'],
        ],
        at: '1m',
      },
    },
    {
      name: 'KafkaUnderReplicated',
      expr: promql`sum by (cluster, job) (max by (cluster, job, topic, partition) (${recent(underReplicated)})) > 0`,
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Partitions of Kafka have fewer copies than they should.',
      description:
        '{{ $value | humanize }} partitions of Kafka {{ $labels.job }} in {{ $labels.cluster }} lack a copy. See whether a broker is down or slow.',
      runbook: {
        meaning: 'The next broker that fails may take data along, and producers that want all copies wait.',
        firstLook: [describeTopics, readBrokers],
        remedy: [
          'A broker is back since minutes: wait until it has caught up.',
          'A broker is slow: look at its disk and its network.',
        ],
      },
      fires: {
        when: 'One of two partitions has lacked a copy for twenty minutes',
        series: [
          [series(underReplicated, partition), '0 1x25'],
          [series(underReplicated, { ...partition, partition: '1' }), '0x26'],
        ],
        at: '20m',
        alerts: [{ cluster: 'c1', job: 'kafka' }],
      },
      quiet: {
        when: 'A broker was restarted and has caught up within twelve minutes',
        series: [[series(underReplicated, partition), '0 1x11 0x12']],
        at: '11m',
      },
    },
    absentAlert({
      name: 'KafkaMetricsAbsent',
      anyOf: [brokers],
      exporter: 'kafka_exporter',
      blind: 'Alerts about Kafka',
      firstLook: [
        'Does it reach Kafka: `curl -s http://<exporter>:9308/metrics | grep ^kafka_brokers`; it ends when it cannot at its start.',
      ],
      remedy: ['No Kafka here: leave the profile kafka out when you generate the rules.'],
      example: series(brokers, exporter),
    }),
  ],
});
