/**
 * Ends the process although a file operation in it never returns, as on a disk that is gone: exit() would wait for its
 * thread. All output must be written before.
 */
export async function endAtOnce(status: number): Promise<void> {
  const { default: koffi } = await import('koffi');
  koffi.load(null).func('void _exit(int status)')(status);
}
