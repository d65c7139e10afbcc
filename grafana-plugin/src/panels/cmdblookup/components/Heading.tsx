import React, { type ReactNode } from 'react';
import { useLookup } from './lookup-context';

interface Props {
  readonly children: ReactNode;
  readonly className?: string;
  /** Below the item's own. */
  readonly isSection?: boolean;
  readonly id?: string;
}

const tags: ReadonlyArray<'h1' | 'h2' | 'h3' | 'h4' | undefined> = [undefined, 'h1', 'h2', 'h3', 'h4'];

/** A heading at the level that fits where the view stands. */
export function Heading({ children, className, id, isSection = false }: Props) {
  const { headingLevel } = useLookup();
  const Tag = tags[headingLevel + (isSection ? 1 : 0)] ?? 'h4';
  return (
    <Tag className={className} id={id}>
      {children}
    </Tag>
  );
}
