import 'uplot/dist/uPlot.min.css';
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { type Sparring, embed } from './embed';
import { Lab } from './lab/lab.svelte';
import { Transport } from './lab/transport.svelte';
import { LatentRoom } from './latent/latent.svelte';
import { language } from './words/language.svelte';

declare global {
  interface Window {
    sparring: Sparring;
  }
}

const lab = new Lab();
const room = new LatentRoom();
const transport = new Transport(lab);
window.sparring = embed(transport, room);
// Another language than English is fetched first, so that the page does not begin in one and turn to the other.
await language.start(location.hash);
// The engine is fetched and made ready while the page is being built, which has a task of its own.
void transport.start(location.hash);
await new Promise((resolve) => setTimeout(resolve));
mount(App, { target: document.getElementById('app') as HTMLElement, props: { transport, room } });
