/** Files out of the page and into it. */
import { language } from '../words/language.svelte';

/** Offers bytes as a download. */
export function download(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The click has taken the address; a moment later nobody needs it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The largest file that is read; the engine's own files are far smaller. */
const MOST_BYTES = 512 * 2 ** 20;

export async function bytesOf(file: File): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > MOST_BYTES) throw new Error(language.words.page.tooLarge(file.name, Math.round(file.size / 2 ** 20)));
  return new Uint8Array(await file.arrayBuffer());
}
