import React, { type ReactNode } from 'react';
import { useLookup } from './lookup-context';

interface Props {
  readonly children: ReactNode;
  readonly className?: string;
  /** Below the item's own. */
  readonly isSection?: boolean;
  readonly id?: string;
}

/** A heading at the level that fits where the view stands. */
export function Heading({ children, className, id, isSection = false }: Props) {
  const { headingLevel } = useLookup();
  const level = headingLevel + (isSection ? 1 : 0);
  const Tag = level === 2 ? 'h2' : level === 3 ? 'h3' : 'h4';
  return (
    <Tag className={className} id={id}>
      {children}
    </Tag>
  );
}
