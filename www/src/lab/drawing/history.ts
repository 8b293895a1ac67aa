/** States that one can go back to, and forth again until something else is done. States are never changed, only replaced. */

/** Steps that are kept: at 4,096 points each some 6 MB. */
const MOST_STEPS = 200;

export class History<T> {
  #past: T[] = [];
  #future: T[] = [];

  constructor(public now: T) {}

  do(next: T): void {
    this.#past = [...this.#past, this.now].slice(-MOST_STEPS);
    this.#future = [];
    this.now = next;
  }

  undo(): void {
    this.#move(this.#past, this.#future);
  }

  redo(): void {
    this.#move(this.#future, this.#past);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  #move(from: T[], to: T[]): void {
    const state = from.pop();
    if (state === undefined) return;
    to.push(this.now);
    this.now = state;
  }
}
