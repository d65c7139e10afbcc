import { TextLink } from '@grafana/ui';
import React from 'react';
import { useLocation } from 'react-router-dom';
import { linkTo, type Target } from './page-links';

interface Props {
  readonly target: Target;
  readonly children: string;
  readonly testId?: string;
}

/** A link to another page of the app that keeps time range, data source and clusters. */
export function PlaceLink({ target, children, testId }: Props) {
  const { search } = useLocation();
  return (
    <TextLink href={linkTo(target, search)} inline={false} data-testid={testId}>
      {children}
    </TextLink>
  );
}
