import type { TagTable } from './tag-table.ts';

/**
 * transformers, Trainer and its TensorBoardCallback: `rewrite_logs` puts `train/` before every key, or `eval/` and `test/` in place of
 * `eval_` and `test_` (integrations/integration_utils.py). Keys: trainer.py, trainer_utils.py (speed_metrics). TRL adds entropy,
 * num_tokens and mean_token_accuracy (trl/trainer/sft_trainer.py). The parser of logs asks by the same tags.
 */
export const huggingface: TagTable = {
  framework: 'huggingface',
  axis: 'steps',
  tags: {
    'train/loss': 'loss',
    'train/grad_norm': 'grad_norm',
    'train/learning_rate': 'learning_rate',
    'train/epoch': 'epoch',
    'train/num_tokens': 'tokens',
    'train/num_input_tokens_seen': 'tokens',
    'train/mean_token_accuracy': 'accuracy',
    'train/accuracy': 'accuracy',
    'train/train_runtime': 'finished',
    // Means over the whole run, written once at its end.
    'train/train_loss': 'ignore',
    'train/train_samples_per_second': 'ignore',
    'train/train_steps_per_second': 'ignore',
    'train/train_tokens_per_second': 'ignore',
    'train/total_flos': 'ignore',
    'train/global_step': 'ignore',
    'eval/loss': 'eval_loss',
    'eval/accuracy': 'eval_accuracy',
    'eval/mean_token_accuracy': 'eval_accuracy',
    'eval/perplexity': 'eval_perplexity',
    'eval/runtime': 'evaluation_seconds',
    'eval/samples_per_second': 'ignore',
    'eval/steps_per_second': 'ignore',
    'eval/epoch': 'ignore',
    'eval/num_tokens': 'ignore',
    // The test set is looked at after training and would overwrite what the evaluations said.
    'test/*': 'ignore',
  },
};
