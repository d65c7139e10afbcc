import type { Flavour } from '../fake-machine.ts';
import { dellLike } from './dell-like.ts';
import { dgxLike } from './dgx-like.ts';
import { supermicroLike } from './supermicro-like.ts';

/** Makers whose ways the fake controllers have. */
export const flavours = {
  dell: dellLike,
  supermicro: supermicroLike,
  dgx: dgxLike,
} as const satisfies Readonly<Record<string, Flavour>>;
export type FlavourName = keyof typeof flavours;
