/** The presenter: the page as a class sees it from the last row. Letters grow with the screen (`app.css`), and rooms leave out what is set up before the lesson. */

class Presenter {
  #on = $state(false);

  get on(): boolean {
    return this.#on;
  }

  toggle(): void {
    this.#set(!this.#on);
  }

  end(): void {
    this.#set(false);
  }

  #set(on: boolean): void {
    this.#on = on;
    document.documentElement.classList.toggle('presenting', on);
  }
}

export const presenter = new Presenter();
