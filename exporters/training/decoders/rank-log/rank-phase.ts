/** What torchtitan calls the parts of a step: torchtitan/trainer.py, components/checkpoint.py and experiments/rl. */
const phases: ReadonlyMap<string, string> = new Map([
  ['fwd_bwd', 'forward_backward'],
  ['forward_backward', 'forward_backward'],
  ['fwd', 'forward'],
  ['bwd', 'backward'],
  ['optim', 'optimizer'],
  ['optim_step', 'optimizer'],
  ['optimizer_step', 'optimizer'],
  ['fetching_batch', 'data_loading'],
  ['data_load', 'data_loading'],
  ['batch_data_load', 'data_loading'],
  ['checkpoint_save', 'checkpoint'],
  ['save_checkpoint', 'checkpoint'],
  ['validate', 'evaluation'],
  ['validation', 'evaluation'],
  ['eval', 'evaluation'],
]);

/** The step as a whole is no phase of it: all ranks of a synchronous step take as long as the slowest. */
const wholeSteps: ReadonlySet<string> = new Set(['step', 'train_step']);
const maxCharacters = 64;
const unusual = /[^a-z0-9_]+/g;

/** Our name of a span; its own, made short and plain, where it is none that we know. Undefined for one that is no phase. */
export function phaseOfSpan(span: string): string | undefined {
  const name = span.slice(0, maxCharacters).toLowerCase().replace(unusual, '_');
  return name === '' || wholeSteps.has(name) ? undefined : (phases.get(name) ?? name);
}
