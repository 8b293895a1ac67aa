/**
 * KaTeX, which no own code would be as careful as, fetched when the first formula is shown. Of its outputs MathML: it is read aloud, drawn by the browser in the page's own ink, and needs neither
 * fonts nor the inline styles that the page's policy forbids.
 */
import type { KatexOptions } from 'katex';

type Katex = { renderToString(tex: string, options: KatexOptions): string };

class Tex {
  #katex = $state.raw<Katex | null>(null);
  #asked = false;

  /** MathML of a formula; null while KaTeX is on its way, and where it could not be fetched. */
  render(tex: string): string | null {
    return this.#katex && mathml(this.#katex, tex);
  }

  /** Has it fetched. */
  want(): void {
    if (this.#asked) return;
    this.#asked = true;
    import('katex').then(
      ({ default: katex }) => (this.#katex = katex),
      // The next formula tries again.
      () => (this.#asked = false),
    );
  }
}

/** Without the copy of the source that KaTeX adds. */
export function mathml(katex: Katex, tex: string): string {
  return katex.renderToString(tex, { output: 'mathml', throwOnError: false, trust: false }).replace(/<annotation[^>]*>.*?<\/annotation>/s, '');
}

export const tex = new Tex();
