/** Numbers in formulas. */

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** What was measured: three digits, with its power of ten where it is far from 1. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e4)) return powered(value);
  return minus(size >= 0.1 || size === 0 ? value.toFixed(3) : value.toPrecision(3));
}

/** What was set: as short as it is. */
export function setting(value: number): string {
  return minus(String(Number(value.toPrecision(3))));
}

function powered(value: number): string {
  const [digits, power] = value.toExponential(2).split('e');
  const raised = [...power.replace('+', '')].map((sign) => (sign === '-' ? '⁻' : SUPERSCRIPTS[Number(sign)])).join('');
  return `${minus(digits)}·10${raised}`;
}

function minus(digits: string): string {
  return digits.replace('-', '−');
}
