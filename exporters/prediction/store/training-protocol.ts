import type { ModelBody } from '../learning/model-body.ts';
import type { Preparation } from '../learning/train.ts';
import type { Workspace } from '../learning/trees/workspace.ts';
import type { Control } from './column-crew.ts';

/** What a thread of a training is told when it starts. */
export type ThreadTask =
  | { readonly role: 'lead'; readonly preparation: Preparation; readonly control: Control }
  | { readonly role: 'help'; readonly workspace: Workspace; readonly control: Control; readonly thread: number };

/** From the lead. */
export type TrainingNews =
  | { readonly kind: 'trees'; readonly trees: number }
  | { readonly kind: 'learned'; readonly body: ModelBody };
