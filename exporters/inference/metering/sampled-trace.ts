/** The trace that a request belongs to, if whoever began it records it (W3C Trace Context, version 00). */
export function sampledTrace(traceparent: string | readonly string[] | undefined): string | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, traceId, flags] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})/.exec(traceparent) ?? [];
  if (traceId === undefined || flags === undefined || /^0+$/.test(traceId)) return undefined;
  return (Number.parseInt(flags, 16) & 1) === 1 ? traceId : undefined;
}
