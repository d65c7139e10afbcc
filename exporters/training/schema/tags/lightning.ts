import type { TagTable } from './tag-table.ts';

/**
 * Lightning writes what the user calls `self.log` with, so most names are those of habit, in `plain.ts`. `_step` and `_epoch`
 * are appended where both are asked for (trainer/connectors/logger_connector/result.py): for training the step counts, for validation
 * the epoch, because the steps of validation have an axis of their own. LearningRateMonitor writes `lr-<optimizer>` and, with several
 * parameter groups, `/pg<n>`. ThroughputMonitor: `<stage><separator><metric>` (callbacks/throughput_monitor.py,
 * fabric/utilities/throughput.py), where items are tokens if its length_fn counts tokens, and only names without `device/` are over all
 * ranks. `hp_metric` is -1 and written by default.
 */
export const lightning: TagTable = {
  framework: 'lightning',
  axis: 'steps',
  tags: {
    hp_metric: 'ignore',
    loss_step: 'loss',
    loss_epoch: 'ignore',
    train_loss_step: 'loss',
    'train/loss_step': 'loss',
    'loss/train_step': 'loss',
    training_loss_step: 'loss',
    train_loss_epoch: 'ignore',
    'train/loss_epoch': 'ignore',
    'loss/train_epoch': 'ignore',
    training_loss_epoch: 'ignore',
    val_loss_epoch: 'eval_loss',
    'val/loss_epoch': 'eval_loss',
    valid_loss_epoch: 'eval_loss',
    validation_loss_epoch: 'eval_loss',
    val_loss_step: 'ignore',
    'val/loss_step': 'ignore',
    valid_loss_step: 'ignore',
    validation_loss_step: 'ignore',
    train_acc_step: 'accuracy',
    'train/acc_step': 'accuracy',
    train_acc_epoch: 'ignore',
    'train/acc_epoch': 'ignore',
    val_acc_epoch: 'eval_accuracy',
    'val/acc_epoch': 'eval_accuracy',
    val_acc_step: 'ignore',
    'lr-*/pg1': 'learning_rate',
    'lr-*/pg*': 'ignore',
    'lr-*-momentum*': 'ignore',
    'lr-*': 'learning_rate',
    'grad_2.0_norm_total': 'grad_norm',
    grad_2_norm_total: 'grad_norm',
    'train*device/mfu': 'mfu_ratio',
    'train*device/flops_per_sec': 'flops_per_second_per_gpu',
    'train*device/items_per_sec': 'tokens_per_second_per_gpu',
    'train*device/*_per_sec': 'ignore',
    'train/items_per_sec': 'tokens_per_second',
    'train/samples_per_sec': 'samples_per_second',
    'train/flops_per_sec': 'ignore',
    'train/batches_per_sec': 'ignore',
    // Of this rank alone, and since the monitor began.
    'train/time': 'ignore',
    'train/batches': 'ignore',
    'train/samples': 'ignore',
    'train/lengths': 'ignore',
    'validate*_per_sec': 'ignore',
    'validate*device/mfu': 'ignore',
    'validate/time': 'ignore',
    'validate/batches': 'ignore',
    'validate/samples': 'ignore',
    'validate/lengths': 'ignore',
  },
};
