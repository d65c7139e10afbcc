import { defineMetrics } from '../define.ts';

/** Series of kafka_exporter. */
export const kafka = defineMetrics('external:kafka', {
  kafka_brokers: { kind: 'gauge', unit: 'none', help: 'Brokers of the Kafka cluster.', labels: [] },
  kafka_topic_partition_leader: {
    kind: 'gauge',
    unit: 'none',
    help: 'Number of the broker that leads a partition, -1 if none does.',
    labels: ['topic', 'partition'],
  },
  kafka_topic_partition_under_replicated_partition: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if a partition has fewer replicas in sync than it should.',
    labels: ['topic', 'partition'],
  },
  kafka_consumergroup_lag: {
    kind: 'gauge',
    unit: 'none',
    help: 'Messages of a partition that a consumer group has not read.',
    labels: ['consumergroup', 'topic', 'partition'],
  },
});
