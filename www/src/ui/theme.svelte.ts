/** The three inks as canvases need them: numbers read from the style sheet, which is where they are set. */

export type Rgb = [number, number, number];

export interface Inks {
  real: string;
  fake: string;
  critic: string;
  quiet: string;
  line: string;
  realRgb: Rgb;
  fakeRgb: Rgb;
  criticRgb: Rgb;
  stageRgb: Rgb;
}

function read(): Inks {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    real: value('--real'),
    fake: value('--fake'),
    critic: value('--ink'),
    quiet: value('--quiet'),
    line: value('--line'),
    realRgb: rgb(value('--real')),
    fakeRgb: rgb(value('--fake')),
    criticRgb: rgb(value('--ink')),
    stageRgb: rgb(value('--stage')),
  };
}

/** `#rgb` or `#rrggbb`: the build writes whichever is shorter. */
export function rgb(hex: string): Rgb {
  const written = hex.replace('#', '');
  const digits = written.length === 3 ? [...written].map((digit) => digit + digit).join('') : written;
  const part = (i: number) => parseInt(digits.slice(i, i + 2), 16);
  return [part(0), part(2), part(4)];
}

class Theme {
  inks = $state.raw<Inks>(read());

  constructor() {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => (this.inks = read()));
  }
}

export const theme = new Theme();
