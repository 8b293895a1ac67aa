/** Numbers as a language writes them. */

export interface Numbers {
  /** 12,345 */
  whole(n: number): string;
  /** A loss: three decimals, or its power of ten once it has run away. */
  loss(value: number): string;
  /** A share of 1. */
  percent(share: number): string;
}

/** `sign` is what stands behind a percentage, space included. */
export function numbersIn(tag: string, sign: string): Numbers {
  const grouped = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  return {
    whole: (n) => grouped.format(Math.round(n)),
    loss: (value) => (Math.abs(value) < 1000 ? value.toFixed(3) : value.toExponential(1)),
    percent: (share) => `${(100 * share).toFixed(1)}${sign}`,
  };
}
