/** Gives the reader the file to keep. It is never opened as a page: what is in it would act in the name of Grafana. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // Browsers read the address when they get to it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
