/**
 * The colours of a GIF, which may have 256. They are known before any frame is: a stage is D's shades with the inks over them, at the strengths that
 * smooth edges and thin lines give. A palette counted from the frames would spend its colours on the wide heatmap and turn the small marks grey, and
 * one for each frame would flicker.
 */
import { shades } from '../lab/ground';
import type { Inks, Rgb } from '../ui/theme.svelte';

/** Shades of D on their own, and those that inks are laid over; odd, so that one of them is neutral. */
const FINE = 117;
const COARSE = 15;
/** How much of an ink there is in a pixel that shows a shade too. */
const STRENGTHS = [0.25, 0.5, 0.75];

/** At most 256 colours, none twice. */
export function paletteOf(inks: Inks): Rgb[] {
  const marks = [inks.realRgb, inks.fakeRgb, inks.criticRgb];
  const marked = evenly(inks, COARSE).flatMap((shade) => marks.flatMap((mark) => STRENGTHS.map((strength) => mixed(shade, mark, strength))));
  const all = [...evenly(inks, FINE), ...marks, ...marked];
  return [...new Map(all.map((colour) => [colour.join(), colour])).values()];
}

/** So many of D's shades, from surely fake over the ground to surely real: even steps of colour, while even steps of D would show as edges where it is undecided. */
function evenly(inks: Inks, count: number): Rgb[] {
  const scale = shades(inks, 'critic');
  const ends = [scale.subarray(0, 3), scale.subarray(-4, -1)].map(([r, g, b]): Rgb => [r, g, b]);
  const half = (count - 1) / 2;
  return Array.from({ length: count }, (_, i) => mixed(inks.stageRgb, ends[i < half ? 0 : 1], Math.abs(i - half) / half));
}

function mixed(a: Rgb, b: Rgb, t: number): Rgb {
  const part = (i: number) => Math.round(a[i] + (b[i] - a[i]) * t);
  return [part(0), part(1), part(2)];
}
