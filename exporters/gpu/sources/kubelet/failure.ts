import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import { MalformedMessage } from './wire.ts';

export interface Asked {
  readonly socket: string;
  readonly method: string;
  readonly timeoutSeconds: number;
  readonly maxBytes: number;
}

/** https://grpc.io/docs/guides/status-codes, those that are told apart. */
const statusCode = {
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** True if the kubelet is too old for the method, or has it switched off: Kubernetes 1.21 and 1.22 have a feature gate. */
export function isWithoutMethod(error: unknown): boolean {
  const code = codeOf(error);
  return code === statusCode.unimplemented || (code === statusCode.unknown && reasonOf(error).includes('disabled'));
}

/** True if the connection is to blame and not the call, so that a new one may help. */
export function isConnectionFailure(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === statusCode.unavailable ||
    code === statusCode.deadlineExceeded ||
    code === statusCode.internal ||
    code === statusCode.cancelled
  );
}

/** What gRPC, the socket or the decoder threw, as an error for people. */
export function failureOf(error: unknown, asked: Asked): SourceError {
  return new SourceError(`pod resources API at ${asked.socket}: ${explanation(error, asked)}`, { cause: error });
}

function explanation(error: unknown, asked: Asked): string {
  if (error instanceof MalformedMessage) {
    return `${asked.method} was answered with bytes that are no such message (${error.message}); is this the socket of the kubelet?`;
  }
  const reason = reasonOf(error).slice(0, 300);
  return socketProblem(error, reason) ?? callProblem(error, reason, asked);
}

/** The file system says it with a code of its own, gRPC within its text. */
function socketProblem(error: unknown, reason: string): string | undefined {
  const has = (code: string): boolean => codeOf(error) === code || reason.includes(`connect ${code}`);
  if (has('ENOENT') || has('ENOTDIR')) {
    return 'there is no such socket; mount /var/lib/kubelet/pod-resources into the container, or name it with --kubernetes.pod-resources-socket';
  }
  if (has('EACCES') || has('EPERM')) return 'permission denied; run as root, the kubelet lets nobody else in';
  if (has('ECONNREFUSED')) {
    return 'nobody listens; the kubelet is down, or the container mounts the socket where it should mount its folder';
  }
  return undefined;
}

function callProblem(error: unknown, reason: string, { method, timeoutSeconds, maxBytes }: Asked): string {
  switch (codeOf(error)) {
    case statusCode.deadlineExceeded:
      return `${method} was not answered within ${timeoutSeconds} s; see the log of the kubelet`;
    case statusCode.unimplemented:
      return `${method} of v1.PodResourcesLister is unknown there; Kubernetes 1.20 or newer is needed, and the socket of the kubelet`;
    case statusCode.resourceExhausted:
      return reason.includes('larger than max')
        ? `the answer to ${method} is larger than ${maxBytes} bytes`
        : `${method} was turned down (${reason}); ask less often with --kubernetes.interval`;
    case statusCode.unavailable:
      return `no gRPC connection (${reason}); is this the socket of the kubelet?`;
    default:
      return `${method} failed (${reason}); see the log of the kubelet`;
  }
}

/** A number if gRPC threw it, a name such as ENOENT if the file system did. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
