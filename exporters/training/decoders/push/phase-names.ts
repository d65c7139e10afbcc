/** What loops call the phases of a step, and what they are called here. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['data', 'data_loading'],
  ['data_load', 'data_loading'],
  ['dataloader', 'data_loading'],
  ['model_forward', 'forward'],
  ['forward_pass', 'forward'],
  ['model_backward', 'backward'],
  ['backward_pass', 'backward'],
  ['optimizer_step', 'optimizer'],
  ['checkpoint_save', 'checkpoint'],
  ['checkpointing', 'checkpoint'],
  ['eval', 'evaluation'],
  ['validation', 'evaluation'],
]);

export function phaseName(name: string): string {
  return aliases.get(name) ?? name;
}
