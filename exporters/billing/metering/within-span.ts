import type { Span } from '../span.ts';
import type { Accrual } from './accrual.ts';

export declare function withinSpan(accrual: Accrual, span: Span): bigint;
