/** Names of the files that the lab gives away. */
import type { DataKind } from '../generated/types';

/** Says what a file holds: `ring8-seed1-000512k.sparring`. */
export function fileName({ data, seed }: { data: DataKind; seed: number }, images: number, ending: string): string {
  const kimg = String(Math.floor(images / 1000)).padStart(6, '0');
  return `${data}-seed${seed}-${kimg}k.${ending}`;
}
