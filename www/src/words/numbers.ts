/** Numbers as a language writes them. */

export interface Numbers {
  /** 12,345 */
  whole(n: number): string;
  /** A loss: three decimals, or its power of ten once it has run away. */
  loss(value: number): string;
  /** A share of 1. */
  percent(share: number): string;
}

/** Where a comma stands: before each three of the last digits. */
const THOUSANDS = /\B(?=(\d{3})+$)/g;

/** `sign` is what stands behind a percentage, space included. Numbers are grouped as both languages do: the first use of `Intl` would take 10 ms of the page's first task. */
export function numbersIn(sign: string): Numbers {
  return {
    whole: (n) => String(Math.round(n)).replace(THOUSANDS, ','),
    loss: (value) => (Math.abs(value) < 1000 ? value.toFixed(3) : value.toExponential(1)),
    percent: (share) => `${(100 * share).toFixed(1)}${sign}`,
  };
}
