/** Sliders in pages: more than eight at once make the task harder. */

export const PER_PAGE = 8;

export function pageCount(dimensions: number): number {
  return Math.max(1, Math.ceil(dimensions / PER_PAGE));
}

/** The dimensions on a page; a page that does not exist is the nearest that does. */
export function onPage(dimensions: number, page: number): number[] {
  const first = clampPage(dimensions, page) * PER_PAGE;
  return Array.from({ length: Math.max(0, Math.min(PER_PAGE, dimensions - first)) }, (_, i) => first + i);
}

export function clampPage(dimensions: number, page: number): number {
  return Math.min(Math.max(Math.trunc(page), 0), pageCount(dimensions) - 1);
}
