/** Back-pressure for dragging: one request at a time, and of those that come meanwhile only the newest. */
export class Newest<T> {
  #act: (item: T) => Promise<void>;
  #busy = false;
  #next: { item: T } | null = null;

  constructor(act: (item: T) => Promise<void>) {
    this.#act = act;
  }

  ask(item: T): void {
    this.#next = { item };
    if (!this.#busy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#next) {
      const { item } = this.#next;
      this.#next = null;
      await this.#act(item);
    }
    this.#busy = false;
  }
}
