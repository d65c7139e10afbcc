import type { ModelBody } from '../model-body.ts';
import type { Tree } from '../trees/tree.ts';
import { canonicalJson, hashOf } from './canonical.ts';
import type { Model, ModelCard } from './model.ts';

export const modelFormat = 'fleetlens-risk-model';

/** Grows when a reader of before would misread what is written now. */
export const modelFormatVersion = 1;

/** A model and its hash. */
export function createModel(card: ModelCard, body: ModelBody): Model {
  return { card, body, hash: hashOf(contentOf({ card, body })) };
}

/** The text of a model file: one line of JSON, the same for the same model. */
export function writeModel({ card, body, hash }: Model): string {
  return `${canonicalJson({ ...contentOf({ card, body }), hash })}\n`;
}

/** All but the hash. */
function contentOf({ card, body }: Pick<Model, 'card' | 'body'>): Readonly<Record<string, unknown>> {
  return { format: modelFormat, formatVersion: modelFormatVersion, ...card, ...contentOfBody(body) };
}

function contentOfBody(body: ModelBody): Readonly<Record<string, unknown>> {
  switch (body.kind) {
    case 'boosted':
      return { kind: body.kind, base: body.base, trees: body.trees.map(contentOfTree) };
    case 'forest':
      return { kind: body.kind, base: body.base, shift: body.shift, trees: body.trees.map(contentOfTree) };
    case 'logistic':
      return {
        kind: body.kind,
        intercept: body.intercept,
        weights: [...body.weights],
        means: [...body.means],
        deviations: [...body.deviations],
      };
  }
}

/** A threshold that every value meets is null: JSON has no infinity. */
function contentOfTree(tree: Tree): Readonly<Record<keyof Tree, readonly (number | null)[]>> {
  return {
    feature: [...tree.feature],
    threshold: Array.from(tree.threshold, (each) => (each === Number.POSITIVE_INFINITY ? null : each)),
    bin: [...tree.bin],
    left: [...tree.left],
    right: [...tree.right],
    missingLeft: [...tree.missingLeft],
    value: [...tree.value],
    cover: [...tree.cover],
  };
}
