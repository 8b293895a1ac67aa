/** A canvas context that writes SVG: pictures are drawn by the same functions on the screen and into a file. */

/** What those functions may use of a canvas context; `Image` is what they can paint with it, nothing where they do not say. */
export type Pen<Image = never> = Pick<
  CanvasRenderingContext2D,
  'strokeStyle' | 'fillStyle' | 'lineWidth' | 'globalAlpha' | 'imageSmoothingEnabled' | 'imageSmoothingQuality' | 'clearRect' | 'setLineDash' | 'beginPath' | 'moveTo' | 'lineTo' | 'arc' | 'ellipse' | 'stroke' | 'fill'
> & { drawImage(image: Image, x: number, y: number, width: number, height: number): void };

export class SvgPen implements Pen {
  strokeStyle: string = '#000';
  fillStyle: string = '#000';
  lineWidth = 1;
  globalAlpha = 1;
  imageSmoothingEnabled = true;
  imageSmoothingQuality: ImageSmoothingQuality = 'high';
  #dash: number[] = [];
  #path: string[] = [];
  #elements: string[] = [];

  clearRect(): void {
    this.#elements = [];
  }

  setLineDash(dash: number[]): void {
    this.#dash = dash;
  }

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${short(x)} ${short(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`L${short(x)} ${short(y)}`);
  }

  /** Whole circles only. */
  arc(x: number, y: number, radius: number): void {
    this.ellipse(x, y, radius, radius);
  }

  /** Whole ellipses along the axes only. */
  ellipse(x: number, y: number, rx: number, ry: number): void {
    const half = (end: number) => `A${short(rx)} ${short(ry)} 0 1 0 ${short(end)} ${short(y)}`;
    this.#path.push(`M${short(x + rx)} ${short(y)}${half(x - rx)}${half(x + rx)}Z`);
  }

  stroke(): void {
    this.#add(`fill="none" stroke="${this.strokeStyle}" stroke-width="${short(this.lineWidth)}" stroke-opacity="${this.globalAlpha}"${this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.join(' ')}"` : ''}`);
  }

  fill(): void {
    this.#add(`fill="${this.fillStyle}" fill-opacity="${this.globalAlpha}"`);
  }

  drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    this.#elements.push(`<image x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none" href="${image.toDataURL('image/png')}"/>`);
  }

  /** The picture, square, on a ground. */
  svg(size: number, ground: string, title: string): string {
    const escaped = title.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">`;
    return `${head}<title>${escaped}</title><rect width="100%" height="100%" fill="${ground}"/>${this.#elements.join('')}</svg>`;
  }

  #add(style: string): void {
    if (this.#path.length > 0) this.#elements.push(`<path ${style} d="${this.#path.join('')}"/>`);
  }
}

/** Hundredths of a pixel are enough. */
function short(x: number): string {
  return String(Math.round(x * 100) / 100);
}
