import { type Ending, success } from '../metering/request-end.ts';

export const cancelled: Ending = { status: 'cancelled', reason: '' };
/** The answer had begun and was cut off by the service itself. */
export const cutOff: Ending = { status: 'error', reason: 'stream_error' };
const serverError: Ending = { status: 'error', reason: 'server_error' };

/** How a request ended that was answered with this status. */
export function endingOfStatus(status: number): Ending {
  if (status < 400) return success;
  return status < 500 ? { status: 'error', reason: 'client_error' } : serverError;
}

/** How a request ended whose work threw. Errors of HTTP frameworks tell the status that they lead to. */
export function endingOfError(error: unknown): Ending {
  if (typeof error !== 'object' || error === null) return serverError;
  if ('name' in error && error.name === 'AbortError') return cancelled;
  if ('name' in error && error.name === 'TimeoutError') return { status: 'timeout', reason: '' };
  const status = 'status' in error ? error.status : 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? endingOfStatus(status) : serverError;
}
