export type CheckpointFamily = 'huggingface' | 'megatron' | 'deepspeed' | 'torchtitan' | 'lightning';

export interface CheckpointName {
  readonly family: CheckpointFamily;
  readonly step: number;
}

const folderNames: readonly (readonly [RegExp, CheckpointFamily])[] = [
  [/^checkpoint-(\d{1,12})$/, 'huggingface'],
  [/^iter_(\d{1,12})$/, 'megatron'],
  [/^global_step(\d{1,12})$/, 'deepspeed'],
  [/^step-(\d{1,12})$/, 'torchtitan'],
];

/** The checkpoint in a folder of this name. */
export function checkpointOfFolder(name: string): CheckpointName | undefined {
  for (const [pattern, family] of folderNames) {
    const step = pattern.exec(name)?.[1];
    if (step !== undefined) return { family, step: Number(step) };
  }
  return undefined;
}

export function isCheckpointName(name: string): boolean {
  return checkpointOfFolder(name) !== undefined || name.endsWith('.ckpt');
}

/** Lightning's ModelCheckpoint writes `epoch=3-step=1000.ckpt`, with a version behind it where the name is taken. */
export function stepOfLightning(name: string): number | undefined {
  const step = /(?:^|[^A-Za-z])step=(\d{1,12})(?=\D)/.exec(name)?.[1];
  return step === undefined ? undefined : Number(step);
}

/** Files that hold the newest complete checkpoint: the step for Megatron, or `release`; the name of the folder for DeepSpeed. */
export const trackerFamilies: ReadonlyMap<string, 'megatron' | 'deepspeed'> = new Map([
  ['latest_checkpointed_iteration.txt', 'megatron'],
  ['latest', 'deepspeed'],
]);

/** Undefined for what holds no step. */
export function stepOfTracker(text: string): number | undefined {
  const step = /^(?:global_step|iter_)?(\d{1,12})\s*$/.exec(text)?.[1];
  return step === undefined ? undefined : Number(step);
}

/** What is in a folder of Megatron or DeepSpeed once something was saved there, in the distributed and in the older form. */
export function hasWeights(names: Iterable<string>): boolean {
  for (const name of names)
    if (/^(?:\.metadata|metadata\.json|common\.pt|mp_rank_.*)$|(?:model|optim)_states\.pt$/.test(name)) return true;
  return false;
}
